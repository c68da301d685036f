import fc from 'fast-check';
import { parsePolicy, serialisePolicy } from '../../handler/core/policy/policy-document';
import { sidNamespace } from '../../handler/core/policy/sid-namespace';
import { NAMESPACE, OTHER_DEPLOYMENT } from '../handler/core/builders';
import { BUCKET, FakeWorld, READER, SETTINGS } from '../handler/fake-world';
import { fuzz } from './inputs';
import { mutatedJson } from './mutations';

const ARN = `arn:aws:s3:::${BUCKET.name}`;
const DENY = {
  Sid: 'Theirs',
  Effect: 'Deny',
  Principal: '*',
  Action: ['s3:PutObject', 's3:DeleteObject'],
  Resource: [`${ARN}/*`],
  Condition: { NumericGreaterThan: { 's3:max-keys': [1.1, 10] }, Bool: { 'aws:SecureTransport': false } },
};
const ALLOW = {
  Effect: 'Allow',
  Principal: { AWS: [READER, '444444444444'], Service: 'x.amazonaws.com' },
  Action: 's3:Get*',
  Resource: `${ARN}/\${aws:userid}/*`,
};
const ours = (sid: string) => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { AWS: READER },
  Action: 's3:GetObject',
  Resource: `${ARN}/forged/*`,
});

const policies = fc.oneof(
  mutatedJson({ Version: '2012-10-17', Id: 'owners', Statement: [DENY, ALLOW] }),
  mutatedJson({ Version: '2008-10-17', Statement: DENY }),
  mutatedJson({ Statement: [ALLOW, ours(NAMESPACE.sid('R', 'forged0')), DENY] }),
  mutatedJson({ Statement: [ours(OTHER_DEPLOYMENT.sid('R', 'other00')), DENY] }, 1),
);

/** A policy by our own reckoning: its elements but the statements, and those that are not of the deployment. */
type Foreign = { readonly elements: object; readonly statements: readonly object[] };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const foreignIn = (text: string): Foreign | undefined => {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(policy)) return undefined;
  const { Statement: statement, ...elements } = policy;
  const statements = Array.isArray(statement) ? statement : [statement];
  if (!statements.every(isRecord)) return undefined;
  const prefix = `DZS3F1${OWN.deployment}`;
  return { elements, statements: statements.filter(({ Sid }) => typeof Sid !== 'string' || !isOf(prefix, Sid)) };
};

const OWN = sidNamespace({ name: SETTINGS.deployment, partition: SETTINGS.partition, account: SETTINGS.account, region: SETTINGS.region });
/** The format digit may be another: an older version of ours wrote it. */
const isOf = (prefix: string, sid: string): boolean => sid.replace(/^DZS3F\d/, 'DZS3F1').startsWith(prefix);

/** A number that is said in a text, which means the same in a policy. What no number of ours can hold is beyond all of them. */
const BEYOND = 'beyond';
const asNumber = (value: unknown): unknown => {
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\s*[-+.\d]/.test(value))) return value;
  const number = Number(value);
  return Number.isNaN(number) ? value : Number.isFinite(number) ? number : `${BEYOND}${Math.sign(number)}`;
};

const loosely = (value: unknown): string => JSON.stringify(value, (_key, inner: unknown) => asNumber(inner));

fuzz('a policy that is none is never written over, and of any other everything foreign stays', {
  inputs: policies,
  verdicts: ['no policy', 'granted', 'refused'],
  check: async (text, tally) => {
    const world = new FakeWorld();
    world.policies.set(BUCKET.name, text);
    world.approve('s1', { arn: `${ARN}/runs/` });
    expect(await world.deliver(world.created('s1'))).toEqual([]);
    const parsed = parsePolicy(text);
    const foreign = parsed.kind === 'duplicate-key' ? undefined : foreignIn(text);
    const written = world.policies.get(BUCKET.name);
    if (foreign === undefined) {
      expect([written, parsed.kind === 'policy']).toEqual([text, false]);
      expect(world.calls.filter(({ name }) => name === 'writePolicy' || name === 'removePolicy')).toEqual([]);
      expect(world.outcomeOf('s1')).toMatchObject({ kind: 'waiting', code: 'unavailable' });
      return tally('no policy');
    }
    expect(parsed.kind === 'policy' && parsePolicy(serialisePolicy(parsed.document))).toEqual(parsed);
    const outcome = world.outcomeOf('s1');
    expect(['granted', 'refused']).toContain(outcome?.kind);
    if (outcome?.kind === 'refused') expect(['bucket-shared', 'policy-full']).toContain(outcome.code);
    expect(foreign.statements.length === 0 && outcome?.kind === 'refused' ? '' : written).toBeDefined();
    if (written !== undefined) {
      expect(Buffer.byteLength(written)).toBeLessThanOrEqual(Math.max(20_480, Buffer.byteLength(text)));
      expect(loosely(foreignIn(written))).toBe(loosely(foreign));
    }
    world.end('s1');
    await world.deliver(world.ended('s1'));
    expect(world.outcomeOf('s1')).toEqual({ kind: 'revoked' });
    const left = world.policies.get(BUCKET.name);
    if (foreign.statements.length === 0) expect(left === undefined || loosely(foreignIn(left)) === loosely(foreign)).toBe(true);
    else expect(loosely(foreignIn(left ?? ''))).toBe(loosely(foreign));
    tally(outcome?.kind ?? 'nothing');
  },
});
