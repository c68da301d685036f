import type { Variable } from '../module-stack';
import { ref } from '../policy-document';
import { eachMatching, matchingIfGiven } from '../variables';

/** A role or user by ARN, of which the path and name may be a pattern. */
const PRINCIPAL_PATTERN = '^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[a-zA-Z0-9_+=,.@/*-]+$';
const PRINCIPAL_ADVICE =
  'Write the ARNs of roles or users; the path and name may hold *, as in arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_DataPlatform_*.';

const people = (name: string, who: string): Variable => ({
  type: 'list(string)',
  description: `ARNs of the roles and users who may take on the ${name} role (${who}). Empty: there is no such role. How many there are has to be known at plan.`,
  default: [],
  validation: eachMatching(`${name}_principals`, PRINCIPAL_PATTERN, PRINCIPAL_ADVICE),
});

/** What is off by default. Options that create something are objects, so that an ARN in them may be known only at apply. */
export const OPTION_VARIABLES: Readonly<Record<string, Variable>> = {
  operator_principals: people('operator', 'sends requests, reads everything'),
  auditor_principals: people('auditor', 'reads everything'),
  registry_writers: {
    type: 'list(string)',
    description:
      "ARNs of the roles and users who alone may write the registry and manage the tables and queues (change, delete, restore, set policies), the role that Terraform runs under among them; their path and name may hold *. Empty: whoever IAM allows, but never the deployment's own roles.",
    default: [],
    validation: eachMatching('registry_writers', PRINCIPAL_PATTERN, PRINCIPAL_ADVICE),
  },
  alarms: {
    type: 'object({ topic_arn = string, waiting_minutes = optional(number, 60) })',
    description: 'SNS topic that is told of alarms, and how long a grant may wait. null: no alarms.',
    default: null,
    validation: [
      {
        condition: ref('var.alarms == null || can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:.+$", var.alarms.topic_arn))'),
        errorMessage: "Write topic_arn as the ARN of an SNS topic in the domain's Region.",
      },
      {
        condition: ref('try(var.alarms.waiting_minutes, 60) >= 5'),
        errorMessage: 'Write waiting_minutes as 5 or more: the sweep retries for the first minutes.',
      },
    ],
  },
  dashboard: { type: 'bool', description: 'Whether there is a CloudWatch dashboard.', default: false },
  tracing: { type: 'bool', description: 'Whether X-Ray traces the function.', default: false },
  vpc: {
    type: 'object({ subnet_ids = list(string), security_group_ids = list(string) })',
    description:
      'Subnets and security groups of the function. They have to reach DataZone, STS, SQS, DynamoDB, CloudWatch Logs, and S3 in the Region of every bucket. null: no VPC.',
    default: null,
    validation: {
      condition: ref('var.vpc == null || (length(try(var.vpc.subnet_ids, [])) > 0 && length(try(var.vpc.security_group_ids, [])) > 0)'),
      errorMessage: 'Write at least one subnet and one security group.',
    },
  },
  kms_key: {
    type: 'object({ create = optional(bool, false), arn = optional(string) })',
    description:
      "Customer's key for queues, tables, log and environment: { create = true } makes one, { arn = … } takes one whose policy lets the account's IAM decide and admits events.amazonaws.com and logs.<region>.amazonaws.com. null: keys that AWS owns.",
    default: null,
    validation: {
      condition: ref('var.kms_key == null || (try(var.kms_key.create, false) != (try(var.kms_key.arn, null) != null))'),
      errorMessage: 'Write either { create = true } or { arn = "arn:aws:kms:…" }.',
    },
  },
  domain_kms_key_arn: {
    type: 'string',
    description: "ARN of the customer's key that encrypts the DataZone domain. null: there is none.",
    default: null,
    validation: matchingIfGiven('domain_kms_key_arn', '^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$', 'Write the ARN of a KMS key.'),
  },
  code_signing_config_arn: {
    type: 'string',
    description: 'ARN of the Lambda code-signing configuration that the zip has to satisfy. null: any zip is taken.',
    default: null,
    validation: matchingIfGiven(
      'code_signing_config_arn',
      '^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:code-signing-config:.+$',
      'Write the ARN of a code-signing configuration.',
    ),
  },
};
