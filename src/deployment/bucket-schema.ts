import { ANY_PROJECT } from '../../handler/contract/registry';
import { account, bucketName, deployRole, region } from './common-fields';
import { group, list, text, word } from './fields';

/**
 * Wildcards and policy variables would widen a grant; `%{` is a directive to Terraform. S3 keys hold 1,024 bytes.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
const prefix = text(
  /^(?!\/)(?!.*(?:[*?]|[$%]\{|\p{Cc}))(?:|.{0,1023}\/)$/u,
  'a prefix that ends in a slash, such as runs/, or "" for the whole bucket; it does not begin with a slash and holds none of * ? ${ %{',
).refine((value) => Buffer.byteLength(value) <= 1024, {
  error: ({ input }) => `is ${Buffer.byteLength(String(input))} bytes long; write a prefix of at most 1024 bytes`,
});

const owningProjects = list(
  text(
    /^(?:\*|[a-zA-Z0-9_-]{1,36})$/,
    `the id of a DataZone project in quotes, such as "5a3se66qm88947", or ["${ANY_PROJECT}"] for any project`,
  ),
  `the ids of the projects that may publish this prefix, or ["${ANY_PROJECT}"] for any project`,
).refine((projects) => projects.length === 1 || !projects.includes(ANY_PROJECT), {
  error: `names projects beside "${ANY_PROJECT}"; write either the projects or ["${ANY_PROJECT}"] alone`,
});

const bucket = group(
  {
    name: bucketName,
    region: region.optional(),
    state: word(['active', 'retiring'], 'retiring: no new grants, live ones are revoked').default('active'),
    prefixes: list(group({ prefix, owningProjects }, '{ prefix: …, owningProjects: […] }'), 'at least one prefix'),
  },
  '{ name: …, prefixes: […] }',
);

/** The registered buckets, by the account that owns them. */
export const bucketAccounts = list(
  group({ account, deployRole: deployRole.optional(), buckets: list(bucket, 'at least one bucket') }, '{ account: …, buckets: […] }'),
  'at least one account with its buckets',
);
