/** Names of everything a deployment owns. Accounts deploy in any order because they know each other by these alone. */
export type Names = ReturnType<typeof namesOf>;

/**
 * All names of the deployment `deployment` (its `name`, or a Terraform reference to it). The longest suffix leaves room for
 * 20 characters of name within IAM's 64 and SQS's 80.
 */
export const namesOf = (deployment: string) => ({
  function: `${deployment}-fulfillment`,
  functionRole: `${deployment}-fulfillment`,
  logGroup: `/aws/lambda/${deployment}-fulfillment`,
  rule: `${deployment}-fulfillment`,
  queue: `${deployment}-fulfillment.fifo`,
  deadLetterQueue: `${deployment}-fulfillment-dead-letters.fifo`,
  undeliveredQueue: `${deployment}-fulfillment-undelivered`,
  registryTable: `${deployment}-registry`,
  ledgerTable: `${deployment}-ledger`,
  editorRole: `${deployment}-policy-editor`,
  inspectorRole: `${deployment}-policy-inspector`,
  schedulerRole: `${deployment}-scheduler`,
  operatorRole: `${deployment}-operator`,
});

/** An account, as ARNs of global services name it: each value known, or a Terraform reference. */
export interface Account {
  readonly partition: string;
  readonly account: string;
}

/** Where a deployment's domain lives. */
export interface Place extends Account {
  readonly region: string;
}

/** ARN of a role, computed from its name. */
export const roleArn = ({ partition, account }: Account, name: string): string => `arn:${partition}:iam::${account}:role/${name}`;

/** ARN of the function's role: whom editor roles trust. */
export const functionRoleArn = (deployment: string, domain: Account): string => roleArn(domain, namesOf(deployment).functionRole);

/**
 * ARNs of the domain account's resources, computed and never read from another stack's state, so that a policy can name what
 * does not exist yet.
 */
export const arnsOf = (deployment: string, domain: Place) => {
  const names = namesOf(deployment);
  const { partition, region, account } = domain;
  const regional = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  return {
    queue: regional('sqs', names.queue),
    deadLetterQueue: regional('sqs', names.deadLetterQueue),
    undeliveredQueue: regional('sqs', names.undeliveredQueue),
    rule: regional('events', `rule/${names.rule}`),
    logStreams: regional('logs', `log-group:${names.logGroup}:*`),
    registryTable: regional('dynamodb', `table/${names.registryTable}`),
    ledgerTable: regional('dynamodb', `table/${names.ledgerTable}`),
    functionRole: functionRoleArn(deployment, domain),
    schedulerRole: roleArn(domain, names.schedulerRole),
    operatorRole: roleArn(domain, names.operatorRole),
    /** The editor roles of all bucket accounts, as one pattern. */
    editorRoles: `arn:${partition}:iam::*:role/${names.editorRole}`,
  };
};
