import type { Flow } from './failing-call';
import { EVENTS, type Journey } from './journey';
import type { LedgerView } from './ledger-view';
import type { Memory, TroubledStory } from './troubled-story';

type Beginning = { readonly story: TroubledStory; readonly journey: Journey; readonly owners?: object | null };

/** How stories stood when their subscription had been granted, so that each is told up to there once. */
const granted = new WeakMap<TroubledStory, Map<string, Memory>>();

/** Brings a story to where a flow's event is still to come. */
export const comeTo = async (flow: Flow, { story, ...beginning }: Beginning): Promise<void> => {
  await story.begin(beginning);
  if (flow === 'grant') return;
  const memories = granted.get(story) ?? new Map<string, Memory>();
  granted.set(story, memories);
  const known = memories.get(JSON.stringify(beginning));
  if (known === undefined) {
    await story.invoke(EVENTS[beginning.journey].grant);
    expect(await summary(story)).toMatchObject(RIGHT.grant);
    memories.set(JSON.stringify(beginning), await story.remember());
  } else await story.recall(known);
  story.end();
};

/** All that anyone can see of a story. */
export const summaryOf = (story: TroubledStory, { states, due, head, history }: LedgerView) => ({
  access: story.hasAccess,
  shown: story.shownStatus,
  states,
  due,
  announced: head?.['intended'] !== undefined,
  changes: history.length,
});

export const summary = async (story: TroubledStory) => summaryOf(story, await story.ledger());

/** How a flow ends, whatever came in between. */
export const RIGHT = {
  grant: { access: true, shown: 'GRANTED', states: ['granted'], due: [], announced: false, changes: 1 },
  revocation: { access: false, shown: 'REVOKED', states: ['revoked'], due: [], announced: false, changes: 2 },
} as const;

/** Nobody is told what is not so. */
export const expectHonest = (story: TroubledStory, { states }: LedgerView): void => {
  expect(states).not.toContain(story.hasAccess ? 'revoked' : 'granted');
  expect(story.shownStatus).not.toBe(story.hasAccess ? 'REVOKED' : 'GRANTED');
};
