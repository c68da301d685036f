import type { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Construct } from 'constructs';
import type { HandlerEnv } from '../../handler/contract/environment';
import { attributeWhere } from '../choice';
import { arnsOf, namesOf } from '../naming';
import { jsonText } from '../policy-document';
import { createAlarms } from './alarms';
import { createDashboard } from './dashboard';
import { createKey, keyPolicy } from './encryption';
import { createFulfillment, environment, type Fulfillment } from './function';
import { functionPolicy, functionTrust } from './function-policy';
import type { Blueprint, DomainAccountProps, Plan } from './props';
import { queuePolicies } from './queue-policies';
import { createQueues, type Queues } from './queues';
import { auditorPolicy, createReaders, operatorPolicy, peopleTrust, type Readers } from './readers';
import { createRule, eventPattern } from './rule';
import { createSchedules, schedulerTrust } from './schedules';
import { ledgerPolicy, registryPolicy } from './table-policies';
import { createTables, registryDocument, type Tables } from './tables';

/**
 * The domain account's side of a deployment: the rule that hears of subscriptions, the queue that puts them in one row, the
 * function that fulfils them, what it is allowed to, its two tables, and who may command and look.
 */
export class DomainAccount extends Construct {
  readonly queues: Queues;
  readonly rule: CloudwatchEventRule;
  readonly tables: Tables;
  readonly readers: Readers;
  readonly fulfillment: Fulfillment;
  readonly scheduler: IamRole;
  readonly names: Blueprint['names'];
  readonly arns: Blueprint['arns'];
  /** Texts that AWS limits in length, as far as they are known here. */
  readonly documents: ReturnType<typeof documentsOf>;

  constructor(scope: Construct, id: string, props: DomainAccountProps) {
    super(scope, id);
    this.names = namesOf(props.prefix);
    this.arns = arnsOf(props, props.domain);
    const plan = { props, names: this.names, arns: this.arns };

    const blueprint: Blueprint = { ...plan, keyArn: createKey(this, plan) };
    this.queues = createQueues(this, blueprint);
    this.rule = createRule(this, blueprint, this.queues);
    this.tables = createTables(this, blueprint);
    this.readers = createReaders(this, blueprint);
    const operatorRoleId = attributeWhere(props.operators.wanted, this.readers.operator.role, 'unique_id');
    this.fulfillment = createFulfillment(this, blueprint, { queues: this.queues, operatorRoleId });
    this.scheduler = createSchedules(this, blueprint, this.queues);
    createAlarms(this, blueprint);
    createDashboard(this, blueprint);
    this.documents = documentsOf(plan, operatorRoleId);
  }
}

const documentsOf = (plan: Plan, operatorRoleId: string) => {
  const { props, arns } = plan;
  const variables: HandlerEnv = environment(plan, operatorRoleId);
  return {
    environment: variables,
    eventPattern: eventPattern(props.domain),
    rolePolicies: [functionPolicy(plan), operatorPolicy(plan), auditorPolicy(plan)],
    trusts: [functionTrust(), schedulerTrust(props.domain.account, arns), peopleTrust(props.operators), peopleTrust(props.auditors)],
    tablePolicies: [registryPolicy(plan), ledgerPolicy(plan)],
    queuePolicies: Object.values(queuePolicies(plan)),
    keyPolicy: keyPolicy(plan),
    registry: jsonText(registryDocument(props.buckets, props.principalAccounts)),
  };
};
