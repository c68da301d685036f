import { DATAZONE_PROVIDER } from '../../handler/contract/datazone';
import type { Variable } from '../module-stack';
import { ref } from '../policy-document';
import {
  ACCOUNT_PATTERN,
  eachMatching,
  IDENTITY_VARIABLES,
  matching,
  matchingIfGiven,
  oneOf,
  PERMISSIONS_BOUNDARY,
  TAGS,
  within,
  withinIfGiven,
} from '../variables';
import { RUNTIMES } from '../versions';
import { BUCKETS_VARIABLE } from './buckets-variable';
import { LOG_RETENTION_DAYS } from './log-retention';
import { OPTION_VARIABLES } from './option-variables';

/** The variables of the domain account's module. */
export const DOMAIN_ACCOUNT_VARIABLES: Readonly<Record<string, Variable>> = {
  ...IDENTITY_VARIABLES,
  mode: {
    type: 'string',
    description: 'observe (decide and record, write no policy) or enforce.',
    validation: oneOf('mode', ['observe', 'enforce']),
  },
  existing_subscriptions: {
    type: 'string',
    description: 'grant or ignore: what becomes of subscriptions approved before this deployment first saw them.',
    validation: oneOf('existing_subscriptions', ['grant', 'ignore']),
  },
  buckets: BUCKETS_VARIABLE,
  principal_accounts: {
    type: 'list(string)',
    description: "Accounts, beside a consumer environment's own, whose roles and users may be granted access.",
    default: [],
    validation: eachMatching('principal_accounts', ACCOUNT_PATTERN, 'Write each account as a string of 12 digits.'),
  },
  target_provider: {
    type: 'string',
    description: 'provider of the subscription targets that this deployment fulfils.',
    default: 'datazone-s3-fulfillment',
    validation: {
      condition: ref(
        `can(regex("^[A-Za-z0-9 ._:/-]{1,128}$", var.target_provider)) && lower(var.target_provider) != "${DATAZONE_PROVIDER.toLowerCase()}"`,
      ),
      errorMessage: `Write a provider of your own, up to 128 letters, digits, spaces and . _ : / -; "${DATAZONE_PROVIDER}" is fulfilled by DataZone itself.`,
    },
  },
  missing_grants: {
    type: 'string',
    description: 'What becomes of a verified access for which DataZone keeps no grant by itself: create one, or leave it.',
    default: 'leave',
    validation: {
      condition: ref('contains(["create", "leave"], var.missing_grants)'),
      errorMessage: 'Write "create" or "leave".',
    },
  },
  removal_cap: {
    type: 'number',
    description: "How many principals' accesses one reconcile may take away by itself; more wait until an operator lets it.",
    default: 50,
    validation: within('removal_cap', { from: 1, to: 10_000, unit: 'accesses' }),
  },
  grants_expire_after_days: {
    type: 'number',
    description: "Days after its approval at which a subscription's grants expire. null: never.",
    default: null,
    validation: withinIfGiven('grants_expire_after_days', { from: 1, to: 3650, unit: 'days' }),
  },
  datazone_resource: {
    type: 'string',
    description: "What the function's DataZone actions are allowed on: * (narrowed to the domain's account), or the ARN of the domain.",
    default: '*',
    validation: matching(
      'datazone_resource',
      '^([*]|arn:[a-z-]+:datazone:[a-z0-9-]+:[0-9]{12}:domain/dzd[_-][A-Za-z0-9_-]{1,36})$',
      'Write * or the ARN of a domain.',
    ),
  },
  organization_id: {
    type: 'string',
    description:
      'Organization of the bucket accounts: stands for the list of them in the policies of roles, which has no room for very many. null: the list.',
    default: null,
    validation: matchingIfGiven('organization_id', '^o-[a-z0-9]{10,32}$', 'Write the id of an organization, such as o-a1b2c3d4e5.'),
  },
  handler_zip: {
    type: 'string',
    description: 'Path of handler.zip, the bundled function. null: handler_s3 says where it is.',
    default: null,
  },
  handler_s3: {
    type: 'object({ bucket = string, key = string, object_version = optional(string), sha256 = optional(string) })',
    description:
      "Where the bundled function lies in S3, in the domain's Region; sha256 in base64. Give object_version or sha256, or a change is not seen. null: handler_zip says where it is.",
    default: null,
  },
  runtime: {
    type: 'string',
    description: 'Lambda runtime.',
    default: 'nodejs22.x',
    validation: oneOf('runtime', RUNTIMES),
  },
  memory: {
    type: 'number',
    description: 'Memory of the function in megabytes.',
    default: 512,
    validation: within('memory', { from: 128, to: 10_240, unit: 'megabytes' }),
  },
  timeout: {
    type: 'number',
    description: 'Timeout of the function in seconds; a message being worked on is invisible six times as long.',
    default: 60,
    validation: within('timeout', { from: 30, to: 900, unit: 'seconds' }),
  },
  log_retention_days: {
    type: 'number',
    description: 'Days that the log is kept.',
    default: 365,
    validation: {
      condition: ref(`contains(${JSON.stringify(LOG_RETENTION_DAYS)}, var.log_retention_days)`),
      errorMessage: `Write one of ${LOG_RETENTION_DAYS.join(', ')} (days).`,
    },
  },
  queue_retention_days: {
    type: 'number',
    description: 'Days that the queue keeps a message that cannot be worked on.',
    default: 4,
    validation: within('queue_retention_days', { from: 1, to: 14, unit: 'days' }),
  },
  deletion_protection: {
    type: 'bool',
    description: 'Whether the ledger refuses to be deleted: set it to false and apply before you destroy.',
    default: true,
  },
  ...OPTION_VARIABLES,
  permissions_boundary: PERMISSIONS_BOUNDARY,
  tags: TAGS,
};
