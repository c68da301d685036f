import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { Construct } from 'constructs';
import { ASSET_TYPE } from '../../handler/contract/datazone';
import type { HandlerEnv } from '../../handler/contract/environment';
import { blockWhere } from '../choice';
import { functionPolicy, functionTrust } from './function-policy';
import type { Blueprint, Plan } from './props';
import type { Queues } from './queues';

/** The function, the role it runs under, and what that role may do. */
export interface Fulfillment {
  readonly function: LambdaFunction;
  readonly role: IamRole;
  readonly rolePolicy: IamRolePolicy;
}

/** What the function is told of that is created beside it. */
interface Surroundings {
  readonly queues: Queues;
  /** Empty where there is no operator role. */
  readonly operatorRoleId: string;
}

/** Creates the function with its role and its log, and connects it to the queue. */
export const createFulfillment = (scope: Construct, blueprint: Blueprint, { queues, operatorRoleId }: Surroundings): Fulfillment => {
  const role = createRole(scope, blueprint);
  const rolePolicy = new IamRolePolicy(scope, 'role_policy', {
    name: 'fulfillment',
    role: role.name,
    policy: functionPolicy(blueprint),
  });
  const variables = environment(blueprint, operatorRoleId);
  const fulfillment = createFunction(scope, blueprint, { role, rolePolicy, variables });
  // Ten is the most that a FIFO batch holds; a window would only delay the first. Lambda tries the role's rights on creation.
  new LambdaEventSourceMapping(scope, 'mapping', {
    eventSourceArn: queues.queue.arn,
    functionName: fulfillment.arn,
    batchSize: 10,
    functionResponseTypes: ['ReportBatchItemFailures'],
    tags: blueprint.props.tags,
    dependsOn: [rolePolicy],
  });
  return { function: fulfillment, role, rolePolicy };
};

/** What the handler reads: see `handler/settings.ts`. */
export const environment = ({ props, names, arns }: Plan, operatorRoleId: string): HandlerEnv =>
  ({
    DEPLOYMENT: props.name,
    MODE: props.mode,
    EXISTING_SUBSCRIPTIONS: props.existingSubscriptions,
    DOMAIN_ID: props.domain.id,
    DOMAIN_VERSION: props.domain.version,
    QUEUE_ARN: arns.queue,
    REGISTRY_TABLE: names.registryTable,
    LEDGER_TABLE: names.ledgerTable,
    EDITOR_ROLE: `${props.rolePath}${names.editorRole}`,
    TARGET_PROVIDER: props.targetProvider,
    MISSING_GRANTS: props.missingGrants,
    OPERATOR_ROLE_ID: operatorRoleId,
    REMOVAL_CAP: props.removalCap,
    EXPIRES_AFTER: props.expiresAfter,
  }) satisfies HandlerEnv;

const createRole = (scope: Construct, { props, names }: Blueprint) =>
  new IamRole(scope, 'role', {
    name: names.functionRole,
    path: `/${props.rolePath}`,
    description: 'The fulfillment function',
    assumeRolePolicy: functionTrust(),
    permissionsBoundary: props.permissionsBoundary,
    tags: props.tags,
  });

interface Prerequisites extends Omit<Fulfillment, 'function'> {
  readonly variables: HandlerEnv;
}

const createFunction = (scope: Construct, blueprint: Blueprint, { role, rolePolicy, variables }: Prerequisites): LambdaFunction => {
  const { props, names, keyArn } = blueprint;
  const { handler, function: settings } = props;
  const log = new CloudwatchLogGroup(scope, 'log', {
    name: names.logGroup,
    retentionInDays: settings.logRetention,
    kmsKeyId: keyArn,
    tags: props.tags,
  });
  const fulfillment = new LambdaFunction(scope, 'function', {
    functionName: names.function,
    description: `Fulfils DataZone subscriptions to ${ASSET_TYPE} by bucket policies`,
    architectures: ['arm64'],
    runtime: settings.runtime,
    handler: 'index.handler',
    filename: handler.path,
    s3Bucket: handler.bucket,
    s3Key: handler.key,
    s3ObjectVersion: handler.version,
    sourceCodeHash: handler.hash,
    codeSigningConfigArn: settings.codeSigningConfig,
    role: role.arn,
    memorySize: settings.memory,
    timeout: settings.timeout,
    environment: { variables: { ...variables } },
    kmsKeyArn: keyArn,
    tags: props.tags,
    // Lambda creates a missing log group by itself, without retention, and tries the role's rights on a VPC at once.
    dependsOn: [log, rolePolicy],
  });
  addOptions(fulfillment, settings);
  return fulfillment;
};

const addOptions = (fulfillment: LambdaFunction, { tracing, vpc }: Blueprint['props']['function']) => {
  blockWhere(fulfillment, { name: 'tracing_config', choice: tracing, content: { mode: 'Active' } });
  const { subnets, securityGroups } = vpc.value;
  blockWhere(fulfillment, {
    name: 'vpc_config',
    choice: vpc.wanted,
    content: { subnet_ids: subnets, security_group_ids: securityGroups },
  });
};
