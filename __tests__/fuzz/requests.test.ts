import fc from 'fast-check';
import type { OperatorCommand } from '../../handler/contract/requests';
import type { RequestRecord } from '../../handler/core/ledger/request-record';
import { readMessages } from '../../handler/messages';
import { RECEIPT } from '../handler/fake-state';
import { BUCKET, type FakeWorld, READER, SETTINGS } from '../handler/fake-world';
import { fuzz } from './inputs';
import { mutatedJson, mutatedText } from './mutations';
import { expectDone, mayChange } from './request-effects';
import { isWellFormed } from './request-form';
import { copyOf, differences, EMPTY_BUCKET, OPERATOR, OPERATOR_ROLE, OTHER_BUCKET, unsettledWorld } from './request-world';

const COMMANDS: readonly OperatorCommand[] = [
  { command: 'reconcile', dryRun: false },
  { command: 'reconcile', dryRun: false, removals: 0 },
  { command: 'reconcile', dryRun: true, removals: 3 },
  { command: 'revoke', subscription: 'ours' },
  { command: 'revoke', subscription: 'theirs' },
  { command: 'revoke', subscription: 'nobody' },
  { command: 'revoke-principal', principal: READER, bucket: BUCKET.name },
  { command: 'revoke-principal', principal: READER, bucket: EMPTY_BUCKET },
  { command: 'freeze', bucket: BUCKET.name },
  { command: 'freeze', bucket: EMPTY_BUCKET },
  { command: 'freeze' },
  { command: 'unfreeze', bucket: BUCKET.name },
  { command: 'unfreeze' },
  { command: 'unfreeze', bucket: OTHER_BUCKET },
  { command: 'uninstall' },
];

/** When the requests were made, as the unsettled world has it: mostly now; too long ago; too far in the future. */
const moments = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('2026-01-15T11:29:00.000Z', '2026-01-15T11:15Z', '2026-01-15T11:35:00Z') },
  { weight: 1, arbitrary: fc.constantFrom('2026-01-15T11:14:59.999Z', '2026-01-15T11:35:00.001Z', '2025-01-15T11:29:00Z') },
);
const bodies = fc
  .tuple(fc.constantFrom(...COMMANDS), moments, fc.nat(2))
  .chain(([command, at, edits]) => mutatedJson({ kind: 'request', id: 'request-0001', at, reason: 'why', ...command }, edits));

/** By SQS's word: the operator, someone whose name is nearly the operator's, nobody, or what is no word at all. */
const senders: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(OPERATOR) },
  { weight: 1, arbitrary: mutatedText(OPERATOR, 2) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      undefined,
      null,
      '',
      ':ann',
      OPERATOR_ROLE,
      `${OPERATOR_ROLE}2:ann`,
      ` ${OPERATOR}`,
      OPERATOR.toLowerCase(),
      `AROASOMEBODYELSE1234:${OPERATOR_ROLE}`,
      'AIDAX',
      [OPERATOR],
      { S: OPERATOR },
      7,
    ),
  },
);
const attributes: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 9, arbitrary: senders.map((sender) => ({ SenderId: sender, ApproximateReceiveCount: '1' })) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, null, [], OPERATOR, { senderId: OPERATOR }) },
);
const sources = fc.oneof(
  { weight: 14, arbitrary: fc.constant(SETTINGS.queueArn) },
  { weight: 1, arbitrary: mutatedText(SETTINGS.queueArn, 1) },
);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Whether SQS names a session of the operator role, or the role, as the sender. */
const isOperator = (stated: unknown): boolean => {
  const sender: unknown = typeof stated === 'object' && stated !== null ? Reflect.get(stated, 'SenderId') : undefined;
  return typeof sender === 'string' && (sender === OPERATOR_ROLE || sender.startsWith(`${OPERATOR_ROLE}:`));
};

const isTimely = (at: string, world: FakeWorld): boolean => {
  const age = world.now.getTime() - new Date(at).getTime();
  return age <= 15 * 60_000 && age >= -5 * 60_000;
};

let worlds: Readonly<Record<'running' | 'frozen', FakeWorld>>;
beforeAll(async () => {
  worlds = { running: await unsettledWorld({ frozen: false }), frozen: await unsettledWorld({ frozen: true }) };
});

fuzz('a request does for the operator what it names and nothing else, and for anybody else nothing', {
  inputs: fc.record({ body: bodies, attributes, source: sources, where: fc.constantFrom('running' as const, 'frozen' as const) }),
  share: 0.5,
  verdicts: ['another-queue', 'another-sender', 'malformed', 'out of time', 'done', 'refused'],
  check: async ({ body: text, attributes: stated, source, where }, tally) => {
    const before = worlds[where];
    const world = copyOf(before);
    const record = { messageId: 'm1', receiptHandle: RECEIPT, body: text, eventSourceARN: source, attributes: stated };
    const [message] = readMessages({ Records: [record] }, SETTINGS);
    if (message === undefined) throw new Error('a record was lost');
    expect(await world.deliver(message)).toEqual([]);
    const body = parse(text);
    const honoured = source === SETTINGS.queueArn && isOperator(stated) && isWellFormed(body);
    expect(message.kind).toBe(honoured ? 'request' : 'unusable');
    if (message.kind !== 'request') {
      const reason = 'reason' in message ? message.reason : '';
      expect([world.calls, world.unusable, differences(before, world)]).toEqual([[], [reason], []]);
      return tally(reason);
    }
    const proven = { by: Reflect.get(Object(stated), 'SenderId'), receiptHandle: RECEIPT };
    expect(message).toEqual({ kind: 'request', messageId: 'm1', request: body, ...proven });
    const { request, by } = message;
    const kept = world.documents.get(`request ${request.id}`) as RequestRecord | undefined;
    if (kept === undefined) throw new Error('a request left no record');
    expect(kept).toMatchObject({ request, by, finishedAt: world.now.toISOString(), message: expect.stringMatching(/^.{20}/s) });
    const changed = differences(before, world).filter((name) => name !== `request ${request.id}`);
    if (!isTimely(request.at, world)) {
      expect([kept.state, changed, new Set(world.calls.map(({ name }) => name))]).toEqual([
        'refused',
        [],
        new Set(['isInFlight', 'operations.request', 'operations.save request']),
      ]);
      return tally('out of time');
    }
    const allowed = mayChange(request);
    expect(changed.filter((name) => !allowed.some((beginning) => name.startsWith(beginning)))).toEqual([]);
    if (kept.state === 'refused') expect(changed).toEqual([]);
    else expectDone(world, kept, { frozen: where === 'frozen' });
    return tally(kept.state);
  },
});
