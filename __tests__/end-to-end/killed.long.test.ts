import type { BusEvent } from '../../local-aws/eventing/event';
import { isAuditors } from '../handler/failures/ledger-table';
import { comeTo, expectHonest, RIGHT, summaryOf } from '../handler/failures/story-flow';
import { TroubledStory } from '../handler/failures/troubled-story';
import { fixture } from './domain-story';

let story: TroubledStory;

beforeAll(async () => {
  story = await TroubledStory.start();
});
afterAll(() => story.close());

type Batch = ReadonlyMap<string, BusEvent>;
const batch = (...names: readonly string[]): Batch => new Map(names.map((name) => [name, fixture(name)]));

/** Kills the function after so many of its calls: the last of them has taken effect, its answer never came, and none comes after it. */
const killAfter = async (calls: number, events: Batch): Promise<string | undefined> => {
  let made = 0;
  let last: string | undefined;
  const remove = story.aws.faults.add(({ caller, operation }) => {
    if (isAuditors(caller.arn)) return undefined;
    made += 1;
    if (made === calls) last = operation;
    return made < calls ? undefined : made === calls ? 'drop after' : 'drop before';
  });
  await story.invokeWith(events).catch(() => undefined);
  remove();
  return calls === 0 ? 'nothing' : last;
};

const sids = (policy: string | null | undefined): readonly string[] =>
  policy == null ? [] : JSON.parse(policy).Statement.map(({ Sid }: { Sid: string }) => Sid);

/**
 * Kills the function after nothing, after its first call, after its second, until it lives to its end; each time the batch comes
 * again. Answers how each of these stories ended, by the call it died after.
 */
const endings = async ({ prepare, events, isFresh }: { prepare: () => Promise<void>; events: Batch; isFresh: boolean }) => {
  const ended: Record<string, unknown> = {};
  for (let calls = 0; ; calls++) {
    await prepare();
    const before = story.policySids;
    const known = (await story.ledger()).history.length;
    const operation = await killAfter(calls, events);
    if (operation === undefined) return ended;
    expectHonest(story, await story.ledger());
    if (isFresh) await story.restart();
    expect(await story.invokeWith(events)).toEqual([]);
    const ledger = await story.ledger();
    const previous = sids(ledger.history[known]?.previousPolicy);
    ended[`${calls} ${operation}`] = {
      ...summaryOf(story, ledger),
      tellsOfBefore: previous.join() === before.join(),
      others: ledger.statesOfOthers,
    };
  }
};

const all = (ended: Record<string, unknown>, right: object) => Object.fromEntries(Object.keys(ended).map((call) => [call, right]));

describe('a function that is killed before or after any of its calls', () => {
  it('has granted when the event has come again to a new instance, and leaves one record', async () => {
    const ended = await endings({
      prepare: () => comeTo('grant', { story, journey: 'subscription' }),
      events: batch('subscription-created'),
      isFresh: true,
    });
    expect(Object.keys(ended).length).toBeGreaterThan(15);
    expect(ended).toEqual(all(ended, { ...RIGHT.grant, tellsOfBefore: true, others: [] }));
  });

  it('has revoked when the event has come again, and leaves one record', async () => {
    const ended = await endings({
      prepare: () => comeTo('revocation', { story, journey: 'subscription' }),
      events: batch('subscription-revoked'),
      isFresh: false,
    });
    expect(Object.keys(ended).length).toBeGreaterThan(15);
    expect(ended).toEqual(all(ended, { ...RIGHT.revocation, tellsOfBefore: true, others: [] }));
  });

  it('lets nobody in when the subscription ended before its first event was done', async () => {
    for (const calls of [0, 4, 8, 12, 16]) {
      await comeTo('grant', { story, journey: 'subscription' });
      await killAfter(calls, batch('subscription-created'));
      story.end();
      expect(await story.invoke('subscription-created', 'subscription-revoked')).toEqual([]);
      const { states, due, head } = await story.ledger();
      expect({ access: story.hasAccess, due, intended: head?.['intended'] }).toEqual({ access: false, due: [], intended: undefined });
      expect(states).not.toContain('granted');
    }
  });
});
