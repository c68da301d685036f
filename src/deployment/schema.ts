import * as z from 'zod';
import { ANY_PROJECT, DATAZONE_PROVIDER } from '../../handler/contract';
import { flag, group, list, text, whole, word } from './fields';

const account = text(/^\d{12}$/, 'the 12 digits of an account in quotes, such as "111111111111"', 12);
const region = text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region, such as eu-west-1');

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME =
  /^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const bucketName = text(
  BUCKET_NAME,
  'the name of a general purpose bucket: 3 to 63 lower-case letters, digits, dots and hyphens, no ARN and no reserved prefix or suffix',
);

/** A role's name, with its path where it has one. `null`: the caller's own credentials. */
const deployRole = text(
  /^(?!\/)[\w+=,.@/-]{0,447}[\w+=,.@-]{1,64}$/,
  'the name of a role without its ARN, such as Deploy, or leave the value empty for your own credentials',
).nullable();

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

const state = z.discriminatedUnion(
  'backend',
  [
    group(
      {
        backend: z.literal('s3'),
        bucket: bucketName,
        region,
        keyPrefix: text(/^(?!\/)(?!.*(?:[$%]\{|\/$)).{1,900}$/, 'a key prefix without slashes around it, such as datazone').default(
          'datazone-s3-fulfillment',
        ),
        lock: flag('whether Terraform keeps a lock file beside the state').default(true),
      },
      '{ backend: s3, bucket: …, region: … }',
    ),
    group({ backend: z.literal('local') }, '{ backend: local }'),
  ],
  { error: 'has no known backend; write { backend: s3, bucket: …, region: … } or { backend: local }' },
);

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const fulfillmentFunction = group(
  {
    runtime: text(/^nodejs(2[02468]|[3-9]\d)\.x$/, 'a Node.js runtime of Lambda, such as nodejs22.x').default('nodejs22.x'),
    memory: whole({ from: 128, to: 10_240, unit: 'megabytes' }).default(512),
    timeout: whole({ from: 30, to: 900, unit: 'seconds' }).default(60),
    logRetentionDays: whole({ from: 1, to: 3653, unit: 'days' })
      .refine((days) => LOG_RETENTION_DAYS.includes(days), {
        error: ({ input }) => `is ${input}, which CloudWatch does not offer; write one of ${LOG_RETENTION_DAYS.join(', ')} (days)`,
      })
      .default(365),
  },
  'the settings of the function',
);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
const tags = z.record(
  text(
    /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu,
    'a tag key of letters, digits, spaces and _ . : / = + - @ that does not begin with aws:',
  ),
  text(/^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u, 'a tag value in quotes, of letters, digits, spaces and _ . : / = + - @'),
  { error: 'is no group of tags; write key: value' },
);

/** The deployment file as it is written, each value checked on its own. */
export const deploymentSchema = group(
  {
    name: text(
      /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/,
      '2 to 20 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen',
    ),
    mode: word(['observe', 'enforce'], 'observe decides and records, but writes no policy'),
    existingSubscriptions: word(['grant', 'ignore'], 'what becomes of subscriptions approved before this deployment first saw them'),
    domain: group(
      {
        id: text(/^dzd[_-][A-Za-z0-9_-]{1,36}$/, 'the id of a DataZone domain, such as dzd_bc8e1ez8r2a6xz'),
        account,
        region,
        version: word(['v1', 'v2'], 'v2 is SageMaker Unified Studio'),
        authorization: word(
          ['account', 'domain'],
          "what the function's DataZone actions are narrowed by: the domain's account, or its ARN as well",
        ).default('account'),
        deployRole: deployRole.optional(),
      },
      '{ id: …, account: …, region: …, version: … }',
    ),
    bucketAccounts: list(
      group({ account, deployRole: deployRole.optional(), buckets: list(bucket, 'at least one bucket') }, '{ account: …, buckets: […] }'),
      'at least one account with its buckets',
    ),
    principalAccounts: list(account, 'accounts whose principals may be granted access', 0).default([]),
    targetProvider: text(/^[A-Za-z0-9 ._:/-]{1,128}$/, 'up to 128 letters, digits, spaces and . _ : / -')
      .refine((provider) => provider.toLowerCase() !== DATAZONE_PROVIDER.toLowerCase(), {
        error: `is '${DATAZONE_PROVIDER}', whose subscription targets DataZone fulfils itself; write a name of your own`,
      })
      .default('datazone-s3-fulfillment'),
    deployRole: deployRole.optional(),
    state: state.optional(),
    tags: tags.default({}),
    function: fulfillmentFunction.prefault({}),
    queue: group({ retentionDays: whole({ from: 1, to: 14, unit: 'days' }).default(4) }, 'the settings of the queue').prefault({}),
    ledger: group(
      { deletionProtection: flag('false only before the deployment is destroyed').default(true) },
      'the settings of the ledger',
    ).prefault({}),
  },
  'a deployment; see deployment.example.yaml',
);

/** The deployment file as parsed, defaults filled in. */
export type DeploymentFile = z.infer<typeof deploymentSchema>;
