import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { DynamodbTableItem } from '@cdktf/provider-aws/lib/dynamodb-table-item';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Construct } from 'constructs';
import { type HandlerEnv, LEDGER, REGISTRY } from '../../handler/contract';
import { arnsOf, namesOf } from '../naming';
import * as documents from './documents';
import type { DomainAccountProps } from './props';

/** Receives before a message is set aside, and the longest that SQS keeps one: two weeks, in seconds. */
const ATTEMPTS = 5;
const LONGEST_RETENTION = 1_209_600;

/**
 * The domain account's side of a deployment: the rule that hears of subscriptions, the queue that puts them in one row, the
 * function that fulfils them, what it is allowed to, and its two tables.
 */
export class DomainAccount extends Construct {
  readonly queue: SqsQueue;
  readonly deadLetters: SqsQueue;
  readonly undelivered: SqsQueue;
  readonly rule: CloudwatchEventRule;
  readonly role: IamRole;
  readonly rolePolicy: IamRolePolicy;
  readonly function: LambdaFunction;
  readonly registry: DynamodbTable;
  readonly ledger: DynamodbTable;
  /** Texts that AWS limits in length, as far as they are known here. */
  readonly documents: {
    readonly environment: HandlerEnv;
    readonly eventPattern: string;
    readonly rolePolicy: string;
    readonly trust: string;
    readonly registryItem: string;
  };
  private readonly names: ReturnType<typeof namesOf>;
  private readonly arns: ReturnType<typeof arnsOf>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DomainAccountProps,
  ) {
    super(scope, id);
    this.names = namesOf(props.name);
    this.arns = arnsOf(props.name, props.domain);
    this.documents = this.writeDocuments();

    this.deadLetters = this.createDeadLetterQueue();
    this.queue = this.createQueue();
    this.undelivered = this.createUndeliveredQueue();
    this.rule = this.createRule();
    this.registry = this.createRegistry();
    this.ledger = this.createLedger();
    this.role = this.createRole();
    this.rolePolicy = this.createRolePolicy();
    this.function = this.createFunction();
    this.connectQueueToFunction();
  }

  private writeDocuments(): DomainAccount['documents'] {
    const { props, arns } = this;
    return {
      environment: this.environment(),
      eventPattern: documents.eventPattern(props.domain),
      rolePolicy: documents.functionPolicy({
        arns,
        domainAccount: props.domain.account,
        dataZoneResource: props.dataZoneResource,
        bucketAccounts: props.bucketAccounts,
      }),
      trust: documents.functionTrust(),
      registryItem: documents.registryItem(props.buckets, props.principalAccounts),
    };
  }

  private environment(): HandlerEnv {
    const { props, names } = this;
    return {
      DEPLOYMENT: props.name,
      MODE: props.mode,
      EXISTING_SUBSCRIPTIONS: props.existingSubscriptions,
      DOMAIN_ID: props.domain.id,
      DOMAIN_VERSION: props.domain.version,
      QUEUE_ARN: this.arns.queue,
      REGISTRY_TABLE: names.registryTable,
      LEDGER_TABLE: names.ledgerTable,
      EDITOR_ROLE: names.editorRole,
      TARGET_PROVIDER: props.targetProvider,
    } satisfies HandlerEnv;
  }

  /** A message counts its age from when it was first sent, hence the longest retention for the queue that comes last. */
  private createDeadLetterQueue() {
    return new SqsQueue(this, 'dead_letters', {
      name: this.names.deadLetterQueue,
      fifoQueue: true,
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: LONGEST_RETENTION,
      tags: this.props.tags,
    });
  }

  private createQueue() {
    return new SqsQueue(this, 'queue', {
      name: this.names.queue,
      fifoQueue: true,
      // EventBridge sends no deduplication id of its own.
      contentBasedDeduplication: true,
      sqsManagedSseEnabled: true,
      visibilityTimeoutSeconds: this.props.function.visibilityTimeout,
      messageRetentionSeconds: this.props.queueRetention,
      policy: documents.queuePolicy(this.arns),
      redrivePolicy: documents.redrivePolicy(this.arns.deadLetterQueue, ATTEMPTS),
      tags: this.props.tags,
      dependsOn: [this.deadLetters],
    });
  }

  /** EventBridge accepts a standard queue only for what it could not deliver. */
  private createUndeliveredQueue() {
    return new SqsQueue(this, 'undelivered', {
      name: this.names.undeliveredQueue,
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: LONGEST_RETENTION,
      policy: documents.undeliveredPolicy(this.arns),
      tags: this.props.tags,
    });
  }

  /**
   * One message group, so that there is one writer. No input transformer: the event's own unique id is what keeps content-based
   * deduplication from swallowing a revocation that reads like the one before it.
   */
  private createRule() {
    const rule = new CloudwatchEventRule(this, 'rule', {
      name: this.names.rule,
      description: 'Subscriptions of one DataZone domain, for fulfillment',
      eventPattern: this.documents.eventPattern,
      tags: this.props.tags,
    });
    new CloudwatchEventTarget(this, 'target', {
      rule: rule.name,
      targetId: 'queue',
      arn: this.queue.arn,
      sqsTarget: { messageGroupId: 'fulfillment' },
      deadLetterConfig: { arn: this.undelivered.arn },
    });
    return rule;
  }

  /** A table of its own, so that the function can be kept from writing what Terraform writes. */
  private createRegistry() {
    const table = new DynamodbTable(this, 'registry', {
      name: this.names.registryTable,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: REGISTRY.keyName,
      attribute: [{ name: REGISTRY.keyName, type: 'S' }],
      tags: this.props.tags,
    });
    new DynamodbTableItem(this, 'registry_item', {
      tableName: table.name,
      hashKey: REGISTRY.keyName,
      item: this.documents.registryItem,
    });
    return table;
  }

  private createLedger() {
    return new DynamodbTable(this, 'ledger', {
      name: this.names.ledgerTable,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: LEDGER.partitionKey,
      rangeKey: LEDGER.sortKey,
      attribute: [LEDGER.partitionKey, LEDGER.sortKey, LEDGER.dueKind, LEDGER.dueAt].map((name) => ({ name, type: 'S' })),
      globalSecondaryIndex: [{ name: LEDGER.dueIndex, hashKey: LEDGER.dueKind, rangeKey: LEDGER.dueAt, projectionType: 'ALL' }],
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: this.props.deletionProtection,
      tags: this.props.tags,
    });
  }

  private createRole() {
    return new IamRole(this, 'role', {
      name: this.names.functionRole,
      description: 'The fulfillment function',
      assumeRolePolicy: this.documents.trust,
      tags: this.props.tags,
    });
  }

  private createRolePolicy() {
    return new IamRolePolicy(this, 'role_policy', { name: 'fulfillment', role: this.role.name, policy: this.documents.rolePolicy });
  }

  private createFunction() {
    const { props } = this;
    const log = new CloudwatchLogGroup(this, 'log', {
      name: this.names.logGroup,
      retentionInDays: props.function.logRetention,
      tags: props.tags,
    });
    return new LambdaFunction(this, 'function', {
      functionName: this.names.function,
      description: documents.FUNCTION_DESCRIPTION,
      architectures: ['arm64'],
      runtime: props.function.runtime,
      handler: 'index.handler',
      filename: props.handler.path,
      sourceCodeHash: props.handler.hash,
      role: this.role.arn,
      memorySize: props.function.memory,
      timeout: props.function.timeout,
      environment: { variables: { ...this.documents.environment } },
      tags: props.tags,
      // Lambda creates a missing log group by itself, without retention.
      dependsOn: [log],
    });
  }

  /** Ten is the most that a FIFO batch holds; a window would only delay the first. Lambda tries the role's rights on creation. */
  private connectQueueToFunction() {
    new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn: this.queue.arn,
      functionName: this.function.arn,
      batchSize: 10,
      functionResponseTypes: ['ReportBatchItemFailures'],
      tags: this.props.tags,
      dependsOn: [this.rolePolicy],
    });
  }
}
