import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { Construct } from 'constructs';
import { statementWhere, where } from '../choice';
import { rootArn } from '../naming';
import { type Expression, policyDocument } from '../policy-document';
import type { Plan } from './props';

/** What those need of the key who send and receive messages, and read and write tables, that are encrypted with it. */
const USE = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'];

/** Creates the customer's key where one is asked for. Answers the ARN of whichever key there is. */
export const createKey = (scope: Construct, plan: Plan): string | undefined => {
  const { props, names } = plan;
  const { create, existing, keyArn } = props.encryption;
  const key = where(
    create,
    () =>
      new KmsKey(scope, 'key', {
        description: 'Queues, tables, log and environment of DataZone fulfillment',
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: keyPolicy(plan),
        tags: props.tags,
      }),
  );
  const target = keyArn ?? key?.arn;
  if (key && target) where(create, () => new KmsAlias(scope, 'key_alias', { name: names.keyAlias, targetKeyId: target }));
  return target ?? (existing.wanted === true ? existing.value : undefined);
};

/**
 * Who may use the key: the services that encrypt and decrypt for us, each for our resources alone, and our roles. Without
 * events.amazonaws.com every event would be lost to a queue that nobody can write to.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export const keyPolicy = ({ props, arns }: Plan): string => {
  const { domain } = props;
  const service = (sid: string, principal: string, rest: { readonly Action: readonly string[]; readonly Condition: Conditions }) =>
    ({ Sid: sid, Effect: 'Allow', Principal: { Service: principal }, Resource: '*', ...rest }) as const;
  const forThisAccount = { StringEquals: { 'aws:SourceAccount': domain.account } };
  // In a key's policy, * is the key.
  return policyDocument(
    { Sid: 'Administration', Effect: 'Allow', Principal: { AWS: rootArn(domain) }, Action: 'kms:*', Resource: '*' },
    service('RuleToQueue', 'events.amazonaws.com', { Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Condition: forThisAccount }),
    service('Log', `logs.${domain.region}.amazonaws.com`, {
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': arns.logGroup } },
    }),
    // For a topic that is encrypted with this key: CloudWatch then publishes nothing without it.
    statementWhere(
      props.alarms.wanted,
      service('Alarms', 'cloudwatch.amazonaws.com', { Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Condition: forThisAccount }),
    ),
    {
      Sid: 'Roles',
      Effect: 'Allow',
      Principal: { AWS: rootArn(domain) },
      Action: USE,
      Resource: '*',
      Condition: { ArnEquals: { 'aws:PrincipalArn': [arns.functionRole, arns.schedulerRole, arns.operatorRole, arns.auditorRole] } },
    },
  );
};

type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Lets a role use a key that exists already; the one made here says so itself. */
export const useOfExistingKey = ({ encryption: { existing } }: Plan['props']): Expression =>
  statementWhere(existing.wanted, { Sid: 'Key', Effect: 'Allow', Action: USE, Resource: existing.value });
