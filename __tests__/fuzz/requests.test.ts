import fc from 'fast-check';
import type { OperatorCommand } from '../../handler/contract';
import { readMessages } from '../../handler/messages';
import type { RequestRecord } from '../../handler/request-record';
import { BUCKET, FakeWorld, READER, SETTINGS } from '../handler/fake-world';
import { fuzz } from './inputs';
import { mutatedJson, mutatedText } from './mutations';

const OPERATOR = `${SETTINGS.operatorRoleId}:ann`;
const OTHER = { ...BUCKET, name: 'acme-other' };
const SUBSCRIPTIONS = { ours: BUCKET.name, theirs: OTHER.name };

const COMMANDS: readonly OperatorCommand[] = [
  { command: 'reconcile', dryRun: false },
  { command: 'reconcile', dryRun: true, removals: 3 },
  { command: 'revoke', subscription: 'ours' },
  { command: 'revoke', subscription: 'nobody' },
  { command: 'revoke-principal', principal: READER, bucket: BUCKET.name },
  { command: 'freeze', bucket: BUCKET.name },
  { command: 'unfreeze' },
  { command: 'restore', bucket: BUCKET.name },
  { command: 'hand-over', bucket: BUCKET.name, from: 'abc123', remove: true },
  { command: 'uninstall' },
];

const body = fc
  .constantFrom(...COMMANDS)
  .chain((command) => mutatedJson({ kind: 'request', id: 'request-0001', at: '2026-01-15T09:30:00.000Z', reason: 'why', ...command }, 2));
/** By SQS's word: the operator, someone whose name is nearly the operator's, or nobody. */
const sender = fc.oneof(
  { weight: 3, arbitrary: fc.constant(OPERATOR) },
  { weight: 1, arbitrary: mutatedText(OPERATOR, 2) },
  { weight: 1, arbitrary: fc.constantFrom(undefined, 'AROASOMEBODYELSE1234:ann', 'AIDAX') },
);

/** Two buckets with a reader each, everything granted and settled. */
const settled = async (): Promise<FakeWorld> => {
  const world = new FakeWorld();
  world.buckets.set(OTHER.name, OTHER);
  await world.deliver({ kind: 'sweep', messageId: 'first' });
  for (const [id, bucket] of Object.entries(SUBSCRIPTIONS)) world.approve(id, { arn: `arn:aws:s3:::${bucket}/runs/` });
  await world.deliver(world.created('ours'), world.created('theirs'));
  return world;
};

/** Whose policies a request may change at all, in a world where everything is as it should be. */
const mayChange = (record: RequestRecord | undefined): readonly string[] => {
  const request = record?.request;
  switch (request?.command) {
    case 'uninstall':
      return Object.values(SUBSCRIPTIONS);
    case 'revoke':
      return Object.entries(SUBSCRIPTIONS).flatMap(([id, bucket]) => (id === request.subscription ? [bucket] : []));
    case 'revoke-principal':
      return request.principal === READER ? [request.bucket] : [];
    default:
      return [];
  }
};

fuzz('a request does what it says for the operator, and nothing for anybody else', {
  inputs: fc.tuple(body, sender),
  share: 0.25,
  verdicts: ['of somebody else', 'malformed', 'took away', 'took nothing away', 'refused'],
  check: async ([text, by], tally) => {
    const world = await settled();
    const before = new Map(world.policies);
    world.calls.length = 0;
    const record = { messageId: 'm1', body: text, eventSourceARN: SETTINGS.queueArn, attributes: { SenderId: by } };
    const [message] = readMessages({ Records: [record] }, SETTINGS);
    if (message === undefined) throw new Error('a record was lost');
    expect(await world.deliver(message)).toEqual([]);
    if (message.kind !== 'request') {
      if (message.kind === 'unusable') expect(world.calls).toEqual([]);
      expect(new Map(world.policies)).toEqual(before);
      if (message.kind === 'unusable') tally(message.reason === 'another-sender' ? 'of somebody else' : 'malformed');
      return;
    }
    expect(by?.split(':')[0]).toBe(SETTINGS.operatorRoleId);
    const kept = world.documents.get(`request ${message.request.id}`) as RequestRecord | undefined;
    expect(kept).toMatchObject({ by, request: message.request });
    const allowed = mayChange(kept);
    const changed = [...before.keys()].filter((bucket) => world.policies.get(bucket) !== before.get(bucket));
    expect([
      changed.filter((bucket) => !allowed.includes(bucket)),
      [...world.policies.keys()].filter((bucket) => !before.has(bucket)),
    ]).toEqual([[], []]);
    // Whoever is taken out was the only one that anybody let in.
    for (const bucket of changed) expect(world.policies.get(bucket)).toBeUndefined();
    if (kept?.state === 'done' && kept.request.command !== 'reconcile') expect(changed).toEqual(allowed);
    tally(kept?.state === 'refused' ? 'refused' : changed.length > 0 ? 'took away' : 'took nothing away');
  },
});
