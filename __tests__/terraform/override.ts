import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** AWS services that our resources and Terraform's provider call, as the provider names them; moto has each. */
const SERVICES = [
  'cloudformation',
  'cloudwatch',
  'cloudwatchevents',
  'cloudwatchlogs',
  'dynamodb',
  'iam',
  'kms',
  'lambda',
  's3',
  'sagemaker',
  'scheduler',
  'sns',
  'sqs',
  'sts',
];

/** Provider settings that point Terraform at moto. */
export const motoProvider = (endpoint: string) => ({
  access_key: 'test',
  secret_key: 'test',
  skip_metadata_api_check: true,
  s3_use_path_style: true,
  endpoints: Object.fromEntries(SERVICES.map((service) => [service, endpoint])),
});

/** The role that moto lets anyone take on, in any account: how a provider gets into the account that it is for. */
export const deployRole = (account: string) => `arn:aws:iam::${account}:role/Deploy`;

/** What is changed of a domain account for moto's sake. */
export const MOTO_DOMAIN_ACCOUNT = {
  aws_sqs_queue: {
    queue: { redrive_allow_policy: null, lifecycle: { ignore_changes: ['redrive_policy'] } },
    dead_letters: { redrive_allow_policy: null },
    undelivered: { redrive_allow_policy: null },
  },
  aws_lambda_function: { function: { lifecycle: { ignore_changes: ['kms_key_arn'] } } },
  aws_lambda_event_source_mapping: { mapping: { enabled: false } },
};

/** What is changed of a consumer account for moto's sake. */
export const MOTO_CONSUMER_ACCOUNT = {
  aws_sagemaker_notebook_instance: { notebook: { lifecycle: { ignore_changes: ['instance_metadata_service_configuration'] } } },
};

/** The same, to be read: in this, and nothing else, what is applied here differs from what is applied to AWS. */
export const DEPARTURES = [
  'aws_sqs_queue.queue ignores changes of redrive_policy: moto gives it back with spaces, which looks like a change on the second plan',
  'the queues have no redrive_allow_policy: moto accepts it and never returns it, and the provider waits for it',
  'aws_lambda_function.function ignores changes of kms_key_arn: moto forgets it',
  'aws_lambda_event_source_mapping.mapping is disabled: moto would drain the queue into a function that it cannot run',
  'aws_sagemaker_notebook_instance.notebook ignores changes of instance_metadata_service_configuration: moto forgets it',
  'CloudFormation stacks of DataZone types are applied and make nothing: moto knows none of these types, and takes templates as text',
  'the consumer for whom an environment is made is validated (and planned, by the module), not applied: moto has no DataZone',
];

/** Merges something into what is in a folder, the way Terraform does: `*_override.tf.json`. */
export const writeOverride = (folder: string, content: object): void =>
  writeFileSync(join(folder, 'moto_override.tf.json'), JSON.stringify(content, null, 2));
