import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE, METRICS } from '../contract/metrics';
import type { Outcome } from '../core/outcome';
import { printable } from '../core/printable';
import { lazily } from '../lazily';
import type { Gauge, Telemetry } from '../ports';

/** Telemetry with the means to say which invocation it is of, and to print what was counted. */
export type InvocationTelemetry = Telemetry & { readonly begin: (requestId: string) => void; readonly flush: () => void };

const UNITS: Readonly<Record<Gauge, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  oldestWaiting: MetricUnit.Seconds,
  failedUnits: MetricUnit.Count,
  contended: MetricUnit.Count,
  stranded: MetricUnit.Count,
  fullestPolicy: MetricUnit.Percent,
  orphaned: MetricUnit.Count,
  heldBack: MetricUnit.Count,
  shared: MetricUnit.Count,
  reconcileAge: MetricUnit.Seconds,
};

/** Longest text of a log line. A longer one costs more than it says: CloudWatch cuts events at 256 KB. */
const LONGEST = 2_000;

/** How many causes of an error are logged: a cause may be its own. */
const MOST_CAUSES = 8;

type Detail = Readonly<Record<string, unknown>>;

/** Makes every text in a log line safe to show, numbers stay. */
const logged = (value: unknown): unknown => {
  if (typeof value === 'string') return printable(value, LONGEST);
  if (Array.isArray(value)) return value.map(logged);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [printable(name), logged(inner)]));
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const chain = (error: unknown): string => {
  const messages: string[] = [];
  for (let at: unknown = error; at !== undefined && messages.length <= MOST_CAUSES; at = at instanceof Error ? at.cause : undefined)
    messages.push(messageOf(at));
  return messages.join('; ');
};

const isGauge = (name: string): name is Gauge => Object.hasOwn(UNITS, name);

/** Metrics carry the deployment and nothing finer: a dimension for buckets or projects would cost more than everything else. Detail is in the ledger. */
export const powertoolsTelemetry = (deployment: string): InvocationTelemetry => {
  let requestId = '';
  const anyLogger = lazily(() => new Logger({ serviceName: deployment }));
  const logger = () => {
    const made = anyLogger();
    made.appendKeys({ requestId: printable(requestId) });
    return made;
  };
  const log = (level: 'info' | 'warn' | 'error', message: string, detail: Detail) =>
    logger()[level](printable(message, LONGEST), Object(logged(detail)));
  const metrics = lazily(() => new Metrics({ namespace: METRIC_NAMESPACE, serviceName: deployment }));
  const count = (name: string, value = 1) => metrics().addMetric(name, MetricUnit.Count, value);

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
      log(level, `subscription '${subscription}' is ${outcome.kind}`, detail);
    },
    unusable: (reason) => {
      count('unusable');
      log('warn', 'a message was acknowledged unread', { reason });
    },
    failure: (what, error) => {
      count('failure');
      log('error', what, { why: chain(error) });
    },
    unitFailure: ({ outcome, unit, attempts, dueAt }, error) => {
      count(outcome);
      const name = unit.kind === 'subscription' ? unit.id : unit.name;
      // An exception's message may quote external text, so it is in the ledger only; where it was thrown is enough to find its cause.
      const where =
        error instanceof Error ? `${error.name}${error.stack?.split('\n').find((line) => line.includes(' at ')) ?? ''}` : 'Unknown';
      logger().error(`the work on ${unit.kind} '${name}' failed; datazone-s3 doctor shows why`, { outcome, attempts, dueAt, where });
    },
    drift: (bucket, kind) => {
      count(`drift-${kind}`);
      log('warn', `the policy of bucket '${bucket}' differs from what was last written`, { kind });
    },
    latency: (kind, seconds) => {
      metrics().addMetric(`${kind}-latency`, MetricUnit.Seconds, seconds);
    },
    gauges: (gauges) => {
      for (const [name, value] of Object.entries(gauges)) if (isGauge(name)) metrics().addMetric(METRICS[name], UNITS[name], value);
    },
    reconciled: (report) => {
      count(METRICS.reconciled);
      log('info', 'a reconcile came to its end', { report });
    },
    request: ({ id, command, by, state }) => {
      count(`request-${state}`);
      log('info', `request '${id}' is ${state}`, { command, by });
    },
    residualAccess: (bucket, principals) => {
      count('residual-access', principals);
      log('warn', `after a revocation on bucket '${bucket}' some still get in by other statements`, { principals });
    },
  };
};
