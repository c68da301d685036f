import { waiting } from '../../handler/core/outcome';
import { TransientFailure } from '../../handler/errors';
import { accountBreaker } from '../../handler/policy-change/account-breaker';
import type { PolicyAccess } from '../../handler/ports';
import { BUCKET, FakeWorld } from './fake-world';

const ACCOUNT = '222222222222';
const MINUTE = 60_000;
const slow = waiting('throttled', 'slow down');
const bucket = (n: number) => ({ name: `acme-${n}`, account: ACCOUNT });

describe('the breaker of an account', () => {
  let now: number;
  const breaker = () => accountBreaker({ now: () => new Date(now), wait: async () => undefined });
  beforeEach(() => {
    now = Date.parse('2026-01-15T09:30:00Z');
  });

  it('opens when three buckets failed one after the other, and closes after a minute', () => {
    const { open, note } = breaker();
    for (const n of [1, 2]) note(bucket(n), slow);
    expect(open(ACCOUNT)).toBeUndefined();
    note(bucket(3), slow);
    expect(open(ACCOUNT)).toMatchObject({ code: 'throttled', message: expect.stringContaining('slow down') });
    expect(open('333333333333')).toBeUndefined();
    now += MINUTE;
    expect(open(ACCOUNT)).toBeUndefined();
  });

  it('does not open for one bucket, however often it fails', () => {
    const { open, note } = breaker();
    for (let time = 0; time < 9; time++) note(bucket(1), slow);
    expect(open(ACCOUNT)).toBeUndefined();
  });

  it('does not open where something went well lately', () => {
    const { open, note } = breaker();
    note(bucket(9), undefined);
    for (const n of [1, 2, 3, 4]) note(bucket(n), slow);
    expect(open(ACCOUNT)).toBeUndefined();
  });

  it('does not open for what says nothing of the account', () => {
    const { open, note } = breaker();
    for (const n of [1, 2, 3]) note(bucket(n), waiting('bucket-missing', 'gone'));
    expect(open(ACCOUNT)).toBeUndefined();
  });
});

describe('a batch', () => {
  const world = () => {
    const made = new FakeWorld();
    for (let n = 0; n < 110; n++) {
      const account = n % 11 === 0 ? '999999999999' : ACCOUNT;
      made.buckets.set(`acme-${n}`, { ...BUCKET, name: `acme-${n}`, account });
      made.approve(`s${n}`, { arn: `arn:aws:s3:::acme-${n}/runs/` });
    }
    made.interfere = ({ name, args }) => {
      if (name !== 'readPolicy') return undefined;
      const [access] = args as readonly [PolicyAccess];
      if (access.bucket.account === '999999999999') throw new TransientFailure('editor-role-unreachable', 'never');
      return undefined;
    };
    return made;
  };
  const kindOf = (made: FakeWorld, n: number) => made.records.get(`s${n}`)?.outcome.kind;

  it('of which some fail for ever holds no other up: 100 healthy ones are done with 11 invocations of ten', async () => {
    const made = world();
    const messages = Array.from({ length: 110 }, (_, n) => made.created(`s${n}`));
    for (let from = 0; from < messages.length; from += 10) expect(await made.deliver(...messages.slice(from, from + 10))).toEqual([]);
    for (let n = 0; n < 110; n++) expect([n, kindOf(made, n)]).toEqual([n, n % 11 === 0 ? 'waiting' : 'granted']);
  });

  it('leaves an account alone for a while that does not answer, and comes back to it', async () => {
    const made = world();
    const failing = Array.from({ length: 10 }, (_, n) => made.created(`s${n * 11}`));
    await made.deliver(...failing);
    made.calls.length = 0;
    await made.deliver(made.created('s0'));
    expect(made.calls.filter(({ name }) => name === 'readPolicy')).toEqual([]);
    expect(made.records.get('s0')?.outcome).toMatchObject({
      code: 'editor-role-unreachable',
      message: expect.stringContaining('left alone'),
    });
    made.interfere = () => undefined;
    made.now = new Date(made.now.getTime() + 2 * MINUTE);
    await made.deliver({ kind: 'sweep', messageId: 'sweep' });
    expect(kindOf(made, 0)).toBe('granted');
  });
});
