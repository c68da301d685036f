import { bytesOfItem } from '../../benchmarks/cost/item-bytes';
import { type Measured, monthOf } from '../../benchmarks/cost/month';
import { dollarsOf, PRICE_NAMES, PRICES, totalOf } from '../../benchmarks/cost/prices';
import { provisionedIn } from '../../benchmarks/cost/provisioned';
import { EXAMPLE, stackOf, synthesized } from '../stacks/synthesized';

const json = stackOf(synthesized(EXAMPLE), 'domain-account');
const example = provisionedIn(json);

test('what is provisioned is counted from the synthesized stack', () => {
  expect(example).toMatchObject({ dashboards: 1, keys: 1, gigabytes: 0.5, logMonths: 13, recoverable: ['ledger'] });
  expect(example.alarms).toBe(Object.keys(json.resource['aws_cloudwatch_metric_alarm'] ?? {}).length);
  expect(example.schedules).toEqual({ sweep: 30 * 24 * 60, reconcile: 30 * 4 });
  expect(example.watched).toContain('reconciled');
  expect(example.registryBytes).toBeGreaterThan(500);
});

test('a schedule that fires otherwise than at a rate is not priced', () => {
  const schedules = { aws_scheduler_schedule: { sweep: { schedule_expression: 'cron(0 3 * * ? *)' } } };
  expect(() => provisionedIn({ ...json, resource: { ...json.resource, ...schedules } })).toThrow("how often 'cron(0 3 * * ? *)' fires");
});

// By the rules of the Developer Guide: names and texts by their UTF-8 bytes, numbers by half the digits that count, 3 bytes for a list or map.
test.each([
  ['a text', { name: { S: 'é' } }, 4 + 2],
  ['a number', { n: { N: '1200' } }, 1 + 2],
  ['a longer one', { n: { N: '0.10203' } }, 1 + 4],
  ['a negative one', { n: { N: '-15' } }, 1 + 3],
  ['a truth', { yes: { BOOL: true } }, 3 + 1],
  ['a list', { l: { L: [{ S: 'ab' }, { S: 'c' }] } }, 1 + 3 + 3 + 2],
  ['a map', { m: { M: { a: { S: 'b' } } } }, 1 + 3 + 1 + 2],
])('an item is as long as DynamoDB counts it: %s', (_, item, bytes) => {
  expect(bytesOfItem(item)).toBe(bytes);
});

test('what AWS gives away is taken off each price once, and never more than was used', () => {
  expect(dollarsOf('datazoneRequest', 104_000, 'nothing')).toBeCloseTo(10.4);
  expect(dollarsOf('datazoneRequest', 104_000, 'free')).toBeCloseTo(10);
  expect(dollarsOf('datazoneRequest', 3_000, 'free')).toBe(0);
  expect(totalOf({ datazoneRequest: 104_000, alarm: 11 }, 'free')).toBeCloseTo(10.1);
});

test('every price has a page it was read on', () => {
  for (const name of PRICE_NAMES) expect(PRICES[name].read).toMatch(/^https:\/\//);
});

describe('A month', () => {
  const taken = { messages: 1, invocations: 1, rounds: 10, 'log lines': 1, 'log bytes': 100, 'registry reads': 1 };
  const change = { ...taken, 'call datazone GetSubscription': 3, 'call s3 GetBucketPolicy': 2, 'call s3 PutBucketPolicy': 1 };
  const measured: Measured = {
    sweep: taken,
    approval: change,
    revocation: change,
    kept: { approval: 1000, revocation: 500 },
    reconcile: { fixed: taken, bucket: {}, project: { 'call datazone ListEnvironments': 1 }, subscription: {} },
    metrics: ['granted', ...example.watched],
  };

  it('has its sweeps and reconciles as often as they are scheduled', () => {
    const { sweeps, reconciles } = monthOf(1, { measured, provisioned: example });
    expect(sweeps).toMatchObject({ schedule: 43_200, lambdaRequest: 43_200, sqsRequest: 3 * 43_200, lambdaGigabyteSecond: 43_200 * 0.1 });
    // 96 subscriptions are of 12 projects.
    expect(reconciles).toMatchObject({ schedule: 120, datazoneRequest: 120 * 12 });
    expect(monthOf(1, { measured, provisioned: example, schedules: { sweep: 1, reconcile: 1 } }).reconciles.datazoneRequest).toBe(12);
  });

  it('has changes, and what is kept of them, in proportion to its accounts', () => {
    const [one, sixty] = [1, 60].map((accounts) => monthOf(accounts, { measured, provisioned: example }));
    expect(one?.changes).toMatchObject({ datazoneRequest: 36, s3Read: 24, s3Write: 12, serviceEvent: 12 });
    expect(sixty?.changes.datazoneRequest).toBe(60 * 36);
    expect(one?.['standing by'].recoveryByte).toBe(12 * (10 * 1000 + 2 * 500));
  });

  it('pays for what stands by: alarms, each metric once, the dashboard, the key', () => {
    expect(monthOf(1, { measured, provisioned: example })['standing by']).toMatchObject({
      alarm: example.alarms,
      metric: example.watched.length + 1,
      dashboard: 1,
      key: 1,
    });
    expect(monthOf(1, { measured, provisioned: { ...example, keys: 0 } })['standing by']).toMatchObject({ key: 0, keyRequest: 0 });
  });
});
