import * as z from 'zod';
import { DATAZONE_PROVIDER } from '../../handler/contract/datazone';
import { bucketAccounts } from './bucket-schema';
import { account, bucketName, deployRole, region } from './common-fields';
import { consumerAccounts } from './consumer-schema';
import { flag, group, list, text, whole, word } from './fields';
import { fulfillmentFunction } from './function-schema';
import { domainKey, IDENTITY, OPTIONS } from './option-schema';

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
        kmsKey: domainKey,
        deployRole: deployRole.optional(),
      },
      '{ id: …, account: …, region: …, version: … }',
    ),
    bucketAccounts,
    consumerAccounts,
    principalAccounts: list(account, 'accounts whose principals may be granted access', 0).default([]),
    targetProvider: text(/^[A-Za-z0-9 ._:/-]{1,128}$/, 'up to 128 letters, digits, spaces and . _ : / -')
      .refine((provider) => provider.toLowerCase() !== DATAZONE_PROVIDER.toLowerCase(), {
        error: `is '${DATAZONE_PROVIDER}', whose subscription targets DataZone fulfils itself; write a name of your own`,
      })
      .default('datazone-s3-fulfillment'),
    missingGrants: word(['create', 'leave'], 'what becomes of a verified access for which DataZone keeps no grant by itself').default(
      'leave',
    ),
    grantsExpireAfterDays: whole({
      from: 1,
      to: 3650,
      unit: "days after a subscription's approval; without it, grants do not expire",
    }).optional(),
    reconcile: group(
      { removalCap: whole({ from: 1, to: 10_000, unit: "principals' accesses that one run may take away by itself" }).default(50) },
      'the settings of reconcile',
    ).prefault({}),
    deployRole: deployRole.optional(),
    state: state.optional(),
    tags: tags.default({}),
    function: fulfillmentFunction,
    queue: group({ retentionDays: whole({ from: 1, to: 14, unit: 'days' }).default(4) }, 'the settings of the queue').prefault({}),
    ledger: group(
      { deletionProtection: flag('false only before the deployment is destroyed').default(true) },
      'the settings of the ledger',
    ).prefault({}),
    ...IDENTITY,
    ...OPTIONS,
  },
  'a deployment; see deployment.example.yaml',
);

/** The deployment file as parsed, defaults filled in. */
export type DeploymentFile = z.infer<typeof deploymentSchema>;
