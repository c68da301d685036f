import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { Construct } from 'constructs';
import { METRIC_DIMENSION, METRIC_NAMESPACE, METRICS } from '../../handler/contract/metrics';
import { where } from '../choice';
import { expressionOf, jsonText } from '../policy-document';
import type { Blueprint } from './props';

/** Size of a widget on CloudWatch's grid, 24 wide, and how many stand in a row. */
const SIZE = { width: 8, height: 6 };
const IN_A_ROW = 3;

/** Seconds. */
const PERIOD = 300;

type Metric = readonly [namespace: string, name: string, dimension: string, value: string, options?: { readonly stat: string }];

/** Creates the dashboard where it is wanted. */
export const createDashboard = (scope: Construct, blueprint: Blueprint): void => {
  const { props, names } = blueprint;
  where(
    props.dashboard,
    () => new CloudwatchDashboard(scope, 'dashboard', { dashboardName: names.dashboard, dashboardBody: dashboardBody(blueprint) }),
  );
};

/** What happens, how far behind it is, and what is set aside. */
const dashboardBody = ({ props, names }: Blueprint): string => {
  const own = (name: string, stat: string): Metric => [METRIC_NAMESPACE, name, METRIC_DIMENSION, props.name, { stat }];
  const queue = (name: string, queueName: string): Metric => ['AWS/SQS', name, 'QueueName', queueName, { stat: 'Maximum' }];
  const lambda = (name: string, stat: string): Metric => ['AWS/Lambda', name, 'FunctionName', names.function, { stat }];
  const widgets: readonly { readonly title: string; readonly metrics: readonly Metric[] }[] = [
    { title: 'Outcomes', metrics: ['granted', 'revoked', 'retained', 'waiting', 'unusable', 'failure'].map((name) => own(name, 'Sum')) },
    { title: 'Oldest waiting (seconds)', metrics: [own(METRICS.oldestWaiting, 'Maximum')] },
    { title: 'Buckets', metrics: [METRICS.contended, METRICS.stranded, METRICS.fullestPolicy].map((name) => own(name, 'Maximum')) },
    { title: 'Oldest message (seconds)', metrics: [queue('ApproximateAgeOfOldestMessage', names.queue)] },
    {
      title: 'Set aside',
      metrics: [names.deadLetterQueue, names.undeliveredQueue].map((name) => queue('ApproximateNumberOfMessagesVisible', name)),
    },
    { title: 'Function', metrics: [lambda('Invocations', 'Sum'), lambda('Errors', 'Sum'), lambda('Duration', 'p99')] },
  ];
  return jsonText(
    expressionOf({
      widgets: widgets.map(({ title, metrics }, index) => ({
        type: 'metric',
        x: (index % IN_A_ROW) * SIZE.width,
        y: Math.floor(index / IN_A_ROW) * SIZE.height,
        ...SIZE,
        properties: { title, metrics, region: props.domain.region, period: PERIOD, view: 'timeSeries' },
      })),
    }),
  );
};
