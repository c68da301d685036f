import { ASSET_TYPE, DETAIL_TYPES, EVENT_SOURCE, REGISTRY, type RegisteredBucketEntry } from '../../handler/contract';
import type { arnsOf } from '../naming';
import { eachItem, encoded, expressionOf, type Items, jsonText, objectOf, policyDocument } from '../policy-document';

type Arns = ReturnType<typeof arnsOf>;

/**
 * What the function asks DataZone: reads, and the status of grants. The service authorization reference gives these actions no
 * resource type. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondatazone.html
 */
const DATAZONE_ACTIONS = [
  'GetAsset',
  'GetDomain',
  'GetEnvironment',
  'GetListing',
  'GetSubscription',
  'GetSubscriptionGrant',
  'GetSubscriptionRequestDetails',
  'GetSubscriptionTarget',
  'ListEnvironments',
  'ListSubscriptionGrants',
  'ListSubscriptions',
  'ListSubscriptionTargets',
  'UpdateSubscriptionGrantStatus',
].map((action) => `datazone:${action}`);

/** Which events reach the queue: those of one domain, in one account, of the detail types that the handler acts on. */
export const eventPattern = (domain: { readonly id: string; readonly account: string }): string =>
  jsonText(
    expressionOf({
      source: [EVENT_SOURCE],
      account: [domain.account],
      'detail-type': DETAIL_TYPES,
      detail: { metadata: { domain: [domain.id] } },
    }),
  );

/** Lets EventBridge, for one rule, put messages into a queue. */
const ruleMaySend = (queue: string, rule: string) =>
  ({
    Sid: 'RuleMaySend',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { ArnEquals: { 'aws:SourceArn': rule } },
  }) as const;

/**
 * Who may send: the rule, and of all principals only the scheduler's and the operators' role. Within an account an identity
 * policy suffices whatever the queue's policy allows, so that only an explicit deny keeps everybody else out.
 */
export const queuePolicy = (arns: Arns): string =>
  policyDocument(ruleMaySend(arns.queue, arns.rule), {
    Sid: 'NobodyElseMaySend',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:SendMessage',
    Resource: arns.queue,
    Condition: {
      ArnNotEquals: { 'aws:PrincipalArn': [arns.schedulerRole, arns.operatorRole] },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
  });

/** Lets EventBridge keep what it could not deliver. */
export const undeliveredPolicy = (arns: Arns): string => policyDocument(ruleMaySend(arns.undeliveredQueue, arns.rule));

/** After `attempts` receives a message is set aside, since it stops every message behind it. */
export const redrivePolicy = (deadLetterQueueArn: string, attempts: number): string =>
  jsonText(expressionOf({ deadLetterTargetArn: deadLetterQueueArn, maxReceiveCount: attempts }));

/** Only the Lambda service takes on the function's role. */
export const functionTrust = (): string =>
  policyDocument({ Sid: 'Lambda', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });

/** What the function's role is about. */
export interface FunctionRights {
  readonly arns: Arns;
  readonly domainAccount: string;
  /** `*`, or the ARN of the domain. */
  readonly dataZoneResource: string;
  readonly bucketAccounts: readonly string[];
}

/** Everything the function may do: take its messages, write its log, read the registry, keep the ledger, ask DataZone, become an editor. */
export const functionPolicy = ({ arns, domainAccount, dataZoneResource, bucketAccounts }: FunctionRights): string =>
  policyDocument(
    {
      Sid: 'Queue',
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: arns.queue,
    },
    { Sid: 'Log', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: arns.logStreams },
    { Sid: 'Registry', Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arns.registryTable },
    {
      Sid: 'Ledger',
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
      Resource: [arns.ledgerTable, `${arns.ledgerTable}/index/*`],
    },
    {
      // Narrowed by account, because DataZone documents no resource for these actions while AWS's samples name the domain's ARN.
      Sid: 'DataZone',
      Effect: 'Allow',
      Action: DATAZONE_ACTIONS,
      Resource: dataZoneResource,
      Condition: { StringEquals: { 'aws:ResourceAccount': domainAccount } },
    },
    {
      // A session tag needs sts:TagSession here as well as in the editor role's trust.
      Sid: 'EditorRoles',
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: arns.editorRoles,
      Condition: { StringEquals: { 'aws:ResourceAccount': bucketAccounts } },
    },
  );

/** The registry's only item, a RegistryDocument as JSON text in one attribute, in DynamoDB's own JSON. */
export const registryItem = (buckets: Items<RegisteredBucketEntry>, principalAccounts: readonly string[]): string => {
  const registry = objectOf({
    format: expressionOf(1),
    buckets: eachItem(buckets, ({ name, account, region, state, prefixes }) => ({ name, account, region, state, prefixes })),
    principalAccounts: expressionOf(principalAccounts),
  });
  return jsonText(
    objectOf({ [REGISTRY.keyName]: expressionOf({ S: REGISTRY.key }), [REGISTRY.document]: objectOf({ S: encoded(registry) }) }),
  );
};

/** What the function is for, shown in the console. */
export const FUNCTION_DESCRIPTION = `Fulfils DataZone subscriptions to ${ASSET_TYPE} by bucket policies`;
