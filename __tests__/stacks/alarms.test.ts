import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { METRICS } from '../../handler/contract/metrics';
import { EXAMPLE, stackOf, synthesized } from './synthesized';

const RUNBOOKS = readFileSync(resolve(__dirname, '../../docs/runbooks.md'), 'utf8');
const alarms = Object.values(stackOf(synthesized(EXAMPLE), 'domain-account').resource['aws_cloudwatch_metric_alarm'] ?? {});
const sections = [...RUNBOOKS.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
const anchorOf = (alarm: (typeof alarms)[number]) => /docs\/runbooks\.md#([a-z-]+)$/.exec(String(alarm['alarm_description']))?.[1];
const alarm = (anchor: string) => alarms.find((one) => anchorOf(one) === anchor);

describe('Alarms', () => {
  it('each name a section of the runbooks, and each section is of an alarm', () => {
    expect(alarms.map(anchorOf)).toEqual(sections);
    expect(alarms.map((one) => one['alarm_name'])).toEqual(sections.map((section) => `acme-datazone-fulfillment-${section}`));
  });

  it('have a section that says what it means, what to look at and what to do', () => {
    for (const section of RUNBOOKS.split(/^## /m).slice(1)) {
      expect(section).toMatch(/\*\*What it means\.\*\*[\s\S]*\*\*What to look at\.\*\*[\s\S]*\*\*What to do\.\*\*/);
    }
  });

  it('tell the topic of their beginning and their end', () => {
    for (const one of alarms) {
      expect(one).toMatchObject({
        alarm_actions: ['arn:aws:sns:eu-west-1:111111111111:data-platform'],
        ok_actions: ['arn:aws:sns:eu-west-1:111111111111:data-platform'],
      });
    }
  });

  it.each([
    ['undelivered', { namespace: 'AWS/SQS', dimensions: { QueueName: 'acme-datazone-fulfillment-undelivered' }, threshold: 0 }],
    ['dead-letters', { namespace: 'AWS/SQS', dimensions: { QueueName: 'acme-datazone-fulfillment-dead-letters.fifo' }, threshold: 0 }],
    ['function-errors', { metric_name: 'Errors', dimensions: { FunctionName: 'acme-datazone-fulfillment' }, threshold: 0 }],
    ['waiting', { metric_name: METRICS.oldestWaiting, threshold: 3600 }],
    ['failed-units', { metric_name: METRICS.failedUnits, threshold: 0 }],
    ['contended', { metric_name: METRICS.contended, threshold: 0 }],
    ['stranded', { metric_name: METRICS.stranded, threshold: 0 }],
    ['orphaned', { metric_name: METRICS.orphaned, threshold: 0 }],
    ['held-back', { metric_name: METRICS.heldBack, threshold: 0 }],
    ['policy-nearly-full', { metric_name: METRICS.fullestPolicy, threshold: 80 }],
  ])('go off above a threshold, and not for missing data: %s', (anchor, expected) => {
    expect(alarm(anchor)).toMatchObject({ ...expected, comparison_operator: 'GreaterThanThreshold', treat_missing_data: 'notBreaching' });
  });

  it('go off where reconciles are missing, for which silence is bad news', () => {
    expect(alarm('reconcile-overdue')).toMatchObject({
      metric_name: METRICS.reconciled,
      statistic: 'Sum',
      period: 3600,
      evaluation_periods: 13,
      threshold: 1,
      comparison_operator: 'LessThanThreshold',
      treat_missing_data: 'breaching',
    });
  });

  it("watch the function's own metrics under its namespace and one dimension", () => {
    const own = alarms.filter((one) => !String(one['namespace']).startsWith('AWS/'));
    expect(own).toHaveLength(8);
    for (const one of own) expect(one).toMatchObject({ namespace: 'DataZoneS3Fulfillment', dimensions: { service: 'acme' } });
  });
});
