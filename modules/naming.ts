import { LEDGER } from '../handler/contract/ledger-keys';

/** Names of everything a deployment owns. Accounts deploy in any order because they know each other by these alone. */
export type Names = ReturnType<typeof namesOf>;

/**
 * All names that begin with `prefix`: the deployment's name unless it says otherwise, or a Terraform reference to it. The longest
 * suffixes leave room for 32 characters within IAM's 64 and SQS's 80.
 */
export const namesOf = (prefix: string) => ({
  function: `${prefix}-fulfillment`,
  functionRole: `${prefix}-fulfillment`,
  logGroup: `/aws/lambda/${prefix}-fulfillment`,
  rule: `${prefix}-fulfillment`,
  queue: `${prefix}-fulfillment.fifo`,
  deadLetterQueue: `${prefix}-fulfillment-dead-letters.fifo`,
  undeliveredQueue: `${prefix}-fulfillment-undelivered`,
  registryTable: `${prefix}-registry`,
  ledgerTable: `${prefix}-ledger`,
  editorRole: `${prefix}-policy-editor`,
  inspectorRole: `${prefix}-policy-inspector`,
  schedulerRole: `${prefix}-scheduler`,
  operatorRole: `${prefix}-operator`,
  auditorRole: `${prefix}-auditor`,
  scheduleGroup: `${prefix}-fulfillment`,
  dashboard: `${prefix}-fulfillment`,
  keyAlias: `alias/${prefix}-fulfillment`,
});

/** How a deployment names what it owns: each value known, or a Terraform reference. */
export interface Naming {
  /** What all names begin with. */
  readonly prefix: string;
  /** Path of all roles and policies without the leading slash: empty, or like `service/`. */
  readonly rolePath: string;
}

/** An account, as ARNs of global services name it: each value known, or a Terraform reference. */
export interface Account {
  readonly partition: string;
  readonly account: string;
}

/** Where a deployment's domain lives. */
export interface Place extends Account {
  readonly region: string;
}

/** ARN of a role, computed from its path and name. */
export const roleArn = ({ partition, account }: Account, pathAndName: string): string =>
  `arn:${partition}:iam::${account}:role/${pathAndName}`;

/** ARN of a managed policy, computed from its path and name. */
export const policyArn = ({ partition, account }: Account, pathAndName: string): string =>
  `arn:${partition}:iam::${account}:policy/${pathAndName}`;

/** ARN of an account's root: everybody in it whom conditions do not leave out. */
export const rootArn = ({ partition, account }: Account): string => `arn:${partition}:iam::${account}:root`;

/** The roles of the domain account that bucket accounts have to know. */
export const trustedRoleArns = ({ prefix, rolePath }: Naming, domain: Account) => {
  const names = namesOf(prefix);
  const arn = (name: string) => roleArn(domain, `${rolePath}${name}`);
  return { functionRole: arn(names.functionRole), operatorRole: arn(names.operatorRole), auditorRole: arn(names.auditorRole) };
};

/**
 * ARNs of the domain account's resources, computed and never read from another stack's state, so that a policy can name what
 * does not exist yet.
 */
export const arnsOf = (naming: Naming, domain: Place) => {
  const names = namesOf(naming.prefix);
  const { partition, region, account } = domain;
  const regional = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const inBucketAccounts = (role: string) => `arn:${partition}:iam::*:role/${naming.rolePath}${role}`;
  return {
    ...trustedRoleArns(naming, domain),
    schedulerRole: roleArn(domain, `${naming.rolePath}${names.schedulerRole}`),
    queue: regional('sqs', names.queue),
    deadLetterQueue: regional('sqs', names.deadLetterQueue),
    undeliveredQueue: regional('sqs', names.undeliveredQueue),
    defaultBus: regional('events', 'event-bus/default'),
    rule: regional('events', `rule/${names.rule}`),
    scheduleGroup: regional('scheduler', `schedule-group/${names.scheduleGroup}`),
    function: regional('lambda', `function:${names.function}`),
    logGroup: regional('logs', `log-group:${names.logGroup}`),
    logStreams: regional('logs', `log-group:${names.logGroup}:*`),
    registryTable: regional('dynamodb', `table/${names.registryTable}`),
    ledgerTable: regional('dynamodb', `table/${names.ledgerTable}`),
    ledgerIndexes: [LEDGER.dueIndex, LEDGER.waitingIndex].map((index) => regional('dynamodb', `table/${names.ledgerTable}/index/${index}`)),
    /** The editor roles of all bucket accounts, as one pattern. */
    editorRoles: inBucketAccounts(names.editorRole),
    inspectorRoles: inBucketAccounts(names.inspectorRole),
  };
};
