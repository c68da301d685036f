import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE, METRICS } from '../contract/metrics';
import type { Outcome } from '../core/outcome';
import { lazily } from '../lazily';
import type { Gauge, Telemetry } from '../ports';

/** Telemetry with the means to say which invocation it is of, and to print what was counted. */
export type InvocationTelemetry = Telemetry & { readonly begin: (requestId: string) => void; readonly flush: () => void };

const UNITS: Readonly<Record<Gauge, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  oldestWaiting: MetricUnit.Seconds,
  contended: MetricUnit.Count,
  stranded: MetricUnit.Count,
  fullestPolicy: MetricUnit.Percent,
  orphaned: MetricUnit.Count,
  heldBack: MetricUnit.Count,
  shared: MetricUnit.Count,
  reconcileAge: MetricUnit.Seconds,
};

const isGauge = (name: string): name is Gauge => name in UNITS;

/** Metrics carry the deployment and nothing finer: a dimension for buckets or projects would cost more than everything else. Detail is in the ledger. */
export const powertoolsTelemetry = (deployment: string): InvocationTelemetry => {
  let requestId = '';
  const anyLogger = lazily(() => new Logger({ serviceName: deployment }));
  const logger = () => {
    const made = anyLogger();
    made.appendKeys({ requestId });
    return made;
  };
  const metrics = lazily(() => new Metrics({ namespace: METRIC_NAMESPACE, serviceName: deployment }));
  const count = (name: string, value = 1) => metrics().addMetric(name, MetricUnit.Count, value);
  const chain = (error: unknown): string =>
    error instanceof Error ? [error.message, ...(error.cause === undefined ? [] : [chain(error.cause)])].join('; ') : String(error);

  return {
    begin: (id) => {
      requestId = id;
    },
    flush: () => {
      // A sweep that found nothing has nothing to say, and Powertools would warn of it every minute.
      if (metrics().hasStoredMetrics()) metrics().publishStoredMetrics();
    },
    outcome: (subscription, outcome: Outcome) => {
      count(outcome.kind === 'refused' ? `refused-${outcome.code}` : outcome.kind);
      const detail = 'message' in outcome ? { code: outcome.code, why: outcome.message } : {};
      const level = outcome.kind === 'refused' || outcome.kind === 'waiting' ? 'warn' : 'info';
      logger()[level](`subscription '${subscription}' is ${outcome.kind}`, detail);
    },
    unusable: (reason) => {
      count('unusable');
      logger().warn('a message was acknowledged unread', { reason });
    },
    failure: (what, error) => {
      count('failure');
      logger().error(what, { why: chain(error) });
    },
    drift: (bucket, kind) => {
      count(`drift-${kind}`);
      logger().warn(`the policy of bucket '${bucket}' differs from what was last written`, { kind });
    },
    latency: (kind, seconds) => {
      metrics().addMetric(`${kind}-latency`, MetricUnit.Seconds, seconds);
    },
    gauges: (gauges) => {
      for (const [name, value] of Object.entries(gauges)) if (isGauge(name)) metrics().addMetric(METRICS[name], UNITS[name], value);
    },
    reconciled: (report) => {
      count(METRICS.reconciled);
      logger().info('a reconcile came to its end', { report });
    },
    request: ({ id, command, by, state }) => {
      count(`request-${state}`);
      logger().info(`request '${id}' is ${state}`, { command, by });
    },
    residualAccess: (bucket, principals) => {
      count('residual-access', principals);
      logger().warn(`after a revocation on bucket '${bucket}' some still get in by other statements`, { principals });
    },
  };
};
