import { not, statementWhere } from '../choice';
import { type Expression, policyDocument, type Statement } from '../policy-document';
import { useOfExistingKey } from './encryption';
import type { BucketAccounts, Plan } from './props';

/**
 * What the function asks DataZone: reads, and the status of grants. The service authorization reference gives these actions no
 * resource type. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondatazone.html
 */
const DATAZONE_ACTIONS = [
  'GetAsset',
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

/** Only the Lambda service takes on the function's role. */
export const functionTrust = (): string =>
  policyDocument({ Sid: 'Lambda', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });

/**
 * Everything the function may do: receive its messages, write its log, read the registry, keep the ledger, call DataZone, assume the
 * editor roles. What its code does is allowed to this function alone, so that another function with the same role may do none of it.
 * The Lambda service calls SQS and KMS with the role outside of the function, and those calls do not name the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
 */
export const functionPolicy = (plan: Plan): string => {
  const { props, arns } = plan;
  const byItsCode = fromFunction(arns.function);
  return policyDocument(
    {
      Sid: 'Queue',
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: arns.queue,
    },
    // By which the code proves that a request is a message of the queue.
    byItsCode({ Sid: 'InFlight', Effect: 'Allow', Action: 'sqs:ChangeMessageVisibility', Resource: arns.queue }),
    { Sid: 'Log', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: arns.logStreams },
    byItsCode({ Sid: 'Registry', Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: arns.registryTable }),
    byItsCode({
      Sid: 'Ledger',
      Effect: 'Allow',
      Action: [
        ...['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
        // Grants that ended leave their bucket's partition, and failures that were repaired leave the list.
        'dynamodb:DeleteItem',
      ],
      Resource: [arns.ledgerTable, `${arns.ledgerTable}/index/*`],
    }),
    byItsCode({
      // Narrowed by account, because DataZone documents no resource for these actions while AWS's samples name the domain's ARN.
      Sid: 'DataZone',
      Effect: 'Allow',
      Action: DATAZONE_ACTIONS,
      Resource: props.dataZoneResource,
      Condition: { StringEquals: { 'aws:ResourceAccount': props.domain.account } },
    }),
    // A session tag needs sts:TagSession here as well as in the editor role's trust.
    ...inBucketAccounts(
      props.bucketAccounts,
      byItsCode({
        Sid: 'EditorRoles',
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Resource: arns.editorRoles,
      }),
    ),
    ...optionalRights(plan),
  );
};

/** Narrows statements to calls by the code of one function. */
const fromFunction =
  (functionArn: string) =>
  (statement: Statement): Statement => ({
    ...statement,
    Condition: { ...statement.Condition, ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
  });

/** A statement narrowed to the bucket accounts: by their list, or by the organization that stands for a list too long for a policy. */
export const inBucketAccounts = (bucketAccounts: BucketAccounts, statement: Statement): readonly Expression[] => {
  const { byOrganization, accounts, organization } = bucketAccounts;
  const narrowed = (keys: Readonly<Record<string, string | readonly string[]>>): Statement => ({
    ...statement,
    Condition: { StringEquals: keys, ...statement.Condition },
  });
  return [
    statementWhere(not(byOrganization), narrowed({ 'aws:ResourceAccount': accounts })),
    statementWhere(byOrganization, narrowed({ 'aws:ResourceOrgID': organization })),
  ];
};

const optionalRights = ({ props, arns }: Plan): readonly Expression[] => {
  const { domain, domainKey, function: fulfillment } = props;
  const { vpc, tracing } = fulfillment;
  const networkInterfaces = `arn:${domain.partition}:ec2:${domain.region}:${domain.account}:*/*`;
  return [
    useOfExistingKey(props),
    statementWhere(
      props.createsGrants,
      fromFunction(arns.function)({
        Sid: 'MissingGrants',
        Effect: 'Allow',
        Action: 'datazone:CreateSubscriptionGrant',
        Resource: props.dataZoneResource,
        Condition: { StringEquals: { 'aws:ResourceAccount': domain.account } },
      }),
    ),
    statementWhere(domainKey.wanted, {
      Sid: 'DomainKey',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
      Resource: domainKey.value,
    }),
    statementWhere(tracing, {
      // X-Ray knows no resource for a trace; only this Region's is written.
      Sid: 'Traces',
      Effect: 'Allow',
      Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': domain.region } },
    }),
    statementWhere(vpc.wanted, {
      // Lambda wants all of the account's: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
      Sid: 'NetworkInterfaces',
      Effect: 'Allow',
      Action: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:UnassignPrivateIpAddresses',
      ],
      Resource: networkInterfaces,
    }),
    statementWhere(vpc.wanted, {
      // EC2 knows no resource for what is described; only this Region's is.
      Sid: 'Networks',
      Effect: 'Allow',
      Action: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': domain.region } },
    }),
    statementWhere(vpc.wanted, {
      // These rights are Lambda's, for the function: its own code has no use for them.
      Sid: 'NoNetworksForTheCode',
      Effect: 'Deny',
      Action: 'ec2:*',
      Resource: '*',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': arns.function } },
    }),
  ];
};
