import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { Construct } from 'constructs';
import { DELIVERY_TEST } from '../../handler/contract/requests';
import { created, where } from '../choice';
import { type Expression, expressionOf, policyDocument } from '../policy-document';
import { useOfExistingKey } from './encryption';
import { inBucketAccounts } from './function-policy';
import type { Blueprint, People, Plan } from './props';

/** A role for people, and what it may do; neither where nobody may take it on. */
export interface Reader {
  readonly role?: IamRole;
  readonly rolePolicy?: IamRolePolicy;
}

export interface Readers {
  readonly operator: Reader;
  readonly auditor: Reader;
}

/** Creates the roles of operators and of auditors, each where somebody may take it on. */
export const createReaders = (scope: Construct, blueprint: Blueprint): Readers => {
  const { props, names } = blueprint;
  const operator = createRole(scope, blueprint, {
    id: 'operator',
    name: names.operatorRole,
    description: 'Commands DataZone fulfillment and looks at what it does',
    people: props.operators,
    policy: operatorPolicy(blueprint),
  });
  const auditor = createRole(scope, blueprint, {
    id: 'auditor',
    name: names.auditorRole,
    description: 'Looks at what DataZone fulfillment does and did',
    people: props.auditors,
    policy: auditorPolicy(blueprint),
  });
  return { operator, auditor };
};

interface ReaderProps {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly people: People;
  readonly policy: string;
}

const createRole = (scope: Construct, { props }: Blueprint, { id, name, description, people, policy }: ReaderProps): Reader => {
  const role = where(
    people.wanted,
    () =>
      new IamRole(scope, id, {
        name,
        path: `/${props.rolePath}`,
        description,
        assumeRolePolicy: peopleTrust(people),
        permissionsBoundary: props.permissionsBoundary,
        tags: props.tags,
      }),
  );
  const rolePolicy = where(
    people.wanted,
    () => new IamRolePolicy(scope, `${id}_policy`, { name: id, role: name, policy, dependsOn: created(role) }),
  );
  return { role, rolePolicy };
};

/**
 * Trusts the principals' accounts, narrowed to the principals by condition: a role that single sign-on creates anew keeps its name and
 * not its id, and part of the name is only known as a pattern.
 */
export const peopleTrust = ({ principals, accountRoots }: People): string =>
  policyDocument({
    Sid: 'People',
    Effect: 'Allow',
    Principal: { AWS: accountRoots },
    Action: 'sts:AssumeRole',
    Condition: { ArnLike: { 'aws:PrincipalArn': principals } },
  });

/**
 * Everything that is to be known: both tables, metrics, the log, whether rule, queues and function are in order, and by the inspector
 * roles the buckets themselves.
 */
const reading = ({ props, arns }: Plan): readonly Expression[] => [
  ...[
    {
      Sid: 'Tables',
      Effect: 'Allow',
      Action: ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'],
      Resource: [arns.registryTable, arns.ledgerTable, `${arns.ledgerTable}/index/*`],
    } as const,
    {
      Sid: 'Log',
      Effect: 'Allow',
      Action: ['logs:DescribeLogStreams', 'logs:FilterLogEvents', 'logs:GetLogEvents'],
      Resource: [arns.logGroup, arns.logStreams],
    } as const,
    {
      // CloudWatch knows no resource for a metric; only this Region's are read.
      Sid: 'Metrics',
      Effect: 'Allow',
      Action: ['cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics', 'cloudwatch:ListMetrics'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': props.domain.region } },
    } as const,
    {
      Sid: 'Links',
      Effect: 'Allow',
      Action: [
        'events:DescribeRule',
        'events:ListTargetsByRule',
        'lambda:GetFunctionConfiguration',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
      ],
      Resource: [arns.rule, arns.function, arns.queue, arns.deadLetterQueue, arns.undeliveredQueue],
    } as const,
    {
      // What feeds a function is listed for all of them or not at all; only this Region's are read.
      Sid: 'Mappings',
      Effect: 'Allow',
      Action: 'lambda:ListEventSourceMappings',
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': props.domain.region } },
    } as const,
  ].map((statement) => expressionOf([statement])),
  ...inBucketAccounts(props.bucketAccounts, {
    Sid: 'InspectorRoles',
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: arns.inspectorRoles,
  }),
  useOfExistingKey(props),
];

/** What auditors may do: read. */
export const auditorPolicy = (plan: Plan): string => policyDocument(...reading(plan));

/**
 * What operators may do: read, send requests to the function, prove that events reach it, and take out of the way what it could not
 * work on.
 */
export const operatorPolicy = (plan: Plan): string =>
  policyDocument(
    {
      Sid: 'Requests',
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: plan.arns.queue,
    },
    {
      // The bus is the account's: nobody else's event can be made with this.
      Sid: 'DeliveryTest',
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: plan.arns.defaultBus,
      Condition: { StringEquals: { 'events:source': DELIVERY_TEST.source, 'events:detail-type': DELIVERY_TEST.detailType } },
    },
    {
      Sid: 'SetAside',
      Effect: 'Allow',
      Action: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'],
      Resource: [plan.arns.deadLetterQueue, plan.arns.undeliveredQueue],
    },
    ...reading(plan),
  );
