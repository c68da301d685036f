import * as z from 'zod';
import { METRIC_NAMESPACE } from '../../handler/contract/metrics';
import { bytesOfItem } from './item-bytes';

const resources = <Shape extends z.core.$ZodShape>(shape: Shape) => z._default(z.record(z.string(), z.looseObject(shape)), {});

/** What of a synthesized stack of the domain account costs money, or says how often something does. */
const stack = z.object({
  resource: z.looseObject({
    aws_cloudwatch_metric_alarm: resources({ namespace: z.string(), metric_name: z.string(), period: z.number() }),
    aws_cloudwatch_dashboard: resources({}),
    aws_kms_key: resources({}),
    aws_scheduler_schedule: resources({ schedule_expression: z.string() }),
    aws_cloudwatch_log_group: resources({ retention_in_days: z.number() }),
    aws_dynamodb_table: resources({ point_in_time_recovery: z.optional(z.object({ enabled: z.boolean() })) }),
    aws_dynamodb_table_item: resources({ item: z.string() }),
    aws_lambda_function: resources({ memory_size: z.number(), architectures: z.array(z.string()) }),
  }),
});

const storedItem = z.record(z.string(), z.object({ S: z.string() }));

const DAYS = 30;
const MINUTES: Readonly<Record<string, number>> = { minute: 1, minutes: 1, hour: 60, hours: 60, day: 24 * 60, days: 24 * 60 };

/** How often a `rate(…)` fires in a month of thirty days. */
const timesAMonth = (expression: string): number => {
  const [, every = '', unit = ''] = /^rate\((\d+) (\w+)\)$/.exec(expression) ?? [];
  const minutes = Number(every) * (MINUTES[unit] ?? Number.NaN);
  if (!(minutes > 0)) throw new Error(`how often '${expression}' fires in a month is not known`);
  return (DAYS * 24 * 60) / minutes;
};

export type Provisioned = {
  readonly alarms: number;
  /** Of the function's own metrics, those that alarms watch. */
  readonly watched: readonly string[];
  readonly dashboards: number;
  readonly keys: number;
  /** Messages a month, by schedule. */
  readonly schedules: { readonly sweep: number; readonly reconcile: number };
  /** The function's memory. */
  readonly gigabytes: number;
  /** For how long the log is kept. */
  readonly logMonths: number;
  /** Tables that can be recovered to a point in time. */
  readonly recoverable: readonly string[];
  readonly registryBytes: number;
};

const only = <Resource>(found: Readonly<Record<string, Resource>>, what: string): Resource => {
  const [one, another] = Object.values(found);
  if (one === undefined || another !== undefined) throw new Error(`the stack has ${Object.keys(found).length} of ${what}, not one`);
  return one;
};

/** Reads what was synthesized for the domain account. */
export const provisionedIn = (json: unknown): Provisioned => {
  const { resource } = stack.parse(json);
  const alarms = Object.values(resource.aws_cloudwatch_metric_alarm);
  if (alarms.some(({ period }) => period < 60)) throw new Error('an alarm looks more than once a minute, which has another price');
  const { memory_size, architectures } = only(resource.aws_lambda_function, 'the function');
  if (architectures.join() !== 'arm64') throw new Error(`the function runs on ${architectures.join()}, which has another price`);
  const { sweep, reconcile } = resource.aws_scheduler_schedule;
  return {
    alarms: alarms.length,
    watched: [...new Set(alarms.filter(({ namespace }) => namespace === METRIC_NAMESPACE).map(({ metric_name }) => metric_name))],
    dashboards: Object.keys(resource.aws_cloudwatch_dashboard).length,
    keys: Object.keys(resource.aws_kms_key).length,
    schedules: { sweep: timesAMonth(sweep?.schedule_expression ?? ''), reconcile: timesAMonth(reconcile?.schedule_expression ?? '') },
    gigabytes: memory_size / 1024,
    logMonths: Math.ceil(only(resource.aws_cloudwatch_log_group, 'the log').retention_in_days / DAYS),
    recoverable: Object.entries(resource.aws_dynamodb_table).flatMap(([name, table]) =>
      table.point_in_time_recovery?.enabled === true ? [name] : [],
    ),
    registryBytes: bytesOfItem(storedItem.parse(JSON.parse(only(resource.aws_dynamodb_table_item, "the registry's item").item))),
  };
};
