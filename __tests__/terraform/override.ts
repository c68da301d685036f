import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** AWS services that our resources and Terraform's provider call. */
const SERVICES = ['cloudwatchevents', 'cloudwatchlogs', 'dynamodb', 'iam', 'lambda', 'sqs', 'sts'];

/** Provider settings that point Terraform at moto. */
export const motoProvider = (endpoint: string) => ({
  access_key: 'test',
  secret_key: 'test',
  skip_credentials_validation: true,
  skip_metadata_api_check: true,
  endpoints: Object.fromEntries(SERVICES.map((service) => [service, endpoint])),
});

/** Moto gives `redrive_policy` back with spaces, which looks like a change. */
export const MOTO_QUEUE = { aws_sqs_queue: { queue: { lifecycle: { ignore_changes: ['redrive_policy'] } } } };

/** Merges something into what is in a folder, the way Terraform does: `*_override.tf.json`. */
export const writeOverride = (folder: string, content: object): void =>
  writeFileSync(join(folder, 'moto_override.tf.json'), JSON.stringify(content, null, 2));
