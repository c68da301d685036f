import { CloudwatchMetricAlarm, type CloudwatchMetricAlarmConfig } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { METRIC_DIMENSION, METRIC_NAMESPACE, METRICS } from '../../handler/contract/metrics';
import { where } from '../choice';
import type { Blueprint } from './props';

/** Seconds. */
const MINUTE = 60;
const FIVE_MINUTES = 300;
const HOUR = 3600;

/** Two reconciles of six hours that did not end, and an hour for one that is late. */
const HOURS_WITHOUT_RECONCILE = 13;

/** Percent of a bucket policy's 20 KB. */
const NEARLY_FULL = 80;

/** One alarm: its metric, when it goes off, and what that means. Its id is the anchor of its section in the runbooks. */
interface Alarm {
  readonly id: string;
  readonly means: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: { [key: string]: string };
  readonly statistic: 'Maximum' | 'Sum';
  /** Seconds. */
  readonly period: number;
  /** Goes off above this, or below it where `tooFew`. */
  readonly threshold: number;
  readonly tooFew?: true;
  /** Periods in a row. */
  readonly periods: number;
}

const alarmsOf = ({ props, names }: Blueprint): readonly Alarm[] => {
  const queue = (name: string) => ({
    namespace: 'AWS/SQS',
    metric: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: name },
    statistic: 'Maximum' as const,
    period: MINUTE,
    periods: 1,
    threshold: 0,
  });
  const own = (metric: string) => ({
    namespace: METRIC_NAMESPACE,
    metric,
    dimensions: { [METRIC_DIMENSION]: props.name },
    statistic: 'Maximum' as const,
    period: FIVE_MINUTES,
    periods: 1,
    threshold: 0,
  });
  const lambda = { namespace: 'AWS/Lambda', dimensions: { FunctionName: names.function }, statistic: 'Sum' as const };
  return [
    { id: 'undelivered', means: 'EventBridge could not deliver events to the queue', ...queue(names.undeliveredQueue) },
    {
      id: 'dead-letters',
      means: 'Messages returned to the queue until SQS moved them to the dead-letter queue',
      ...queue(names.deadLetterQueue),
    },
    {
      id: 'function-errors',
      means: 'Invocations of the function fail',
      ...lambda,
      metric: 'Errors',
      period: FIVE_MINUTES,
      periods: 1,
      threshold: 0,
    },
    {
      id: 'waiting',
      means: 'A subscription has been waiting for too long',
      ...own(METRICS.oldestWaiting),
      threshold: props.alarms.value.longestWait,
    },
    {
      id: 'failed-units',
      means: 'The work on a subscription or bucket failed unexpectedly, or a ledger item cannot be read',
      ...own(METRICS.failedUnits),
    },
    { id: 'contended', means: 'Another writer keeps replacing a bucket policy', ...own(METRICS.contended) },
    { id: 'stranded', means: 'Grants are live on buckets that are no longer registered', ...own(METRICS.stranded) },
    { id: 'orphaned', means: 'Grants are live whose subscription DataZone does not know any more', ...own(METRICS.orphaned) },
    { id: 'held-back', means: 'A reconcile holds back revocations beyond its cap', ...own(METRICS.heldBack) },
    {
      id: 'policy-nearly-full',
      means: 'A bucket policy is nearly as long as S3 allows',
      ...own(METRICS.fullestPolicy),
      threshold: NEARLY_FULL,
    },
    {
      id: 'reconcile-overdue',
      means: `No reconcile has ended for ${HOURS_WITHOUT_RECONCILE} hours`,
      ...own(METRICS.reconciled),
      statistic: 'Sum',
      period: HOUR,
      periods: HOURS_WITHOUT_RECONCILE,
      threshold: 1,
      tooFew: true,
    },
  ];
};

/** Creates the alarms where there is a topic to send them to. Only for what happens regularly is missing data bad news. */
export const createAlarms = (scope: Construct, blueprint: Blueprint): void => {
  const { props, names } = blueprint;
  const { topicArn } = props.alarms.value;
  for (const { id, means, metric, ...alarm } of alarmsOf(blueprint)) {
    const config: CloudwatchMetricAlarmConfig = {
      alarmName: `${names.function}-${id}`,
      alarmDescription: `${means}. What to do: docs/runbooks.md#${id}`,
      namespace: alarm.namespace,
      metricName: metric,
      dimensions: alarm.dimensions,
      statistic: alarm.statistic,
      period: alarm.period,
      evaluationPeriods: alarm.periods,
      threshold: alarm.threshold,
      comparisonOperator: alarm.tooFew ? 'LessThanThreshold' : 'GreaterThanThreshold',
      treatMissingData: alarm.tooFew ? 'breaching' : 'notBreaching',
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags: props.tags,
    };
    where(props.alarms.wanted, () => new CloudwatchMetricAlarm(scope, `alarm_${id.replaceAll('-', '_')}`, config));
  }
};
