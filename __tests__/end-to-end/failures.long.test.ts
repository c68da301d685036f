import { DATAZONE } from '../handler/failures/datazone-calls';
import { DYNAMODB } from '../handler/failures/dynamodb-calls';
import type { Expected, FailingCall, Flow, Trouble } from '../handler/failures/failing-call';
import { EVENTS } from '../handler/failures/journey';
import type { LedgerView } from '../handler/failures/ledger-view';
import { S3, STS } from '../handler/failures/policy-calls';
import { comeTo, expectHonest, RIGHT, summary, summaryOf } from '../handler/failures/story-flow';
import { type Scene, type Told, tell } from '../handler/failures/trouble';
import { TroubledStory } from '../handler/failures/troubled-story';

/** Every AWS call of the flow, with every error it can return. */
const FAILING_CALLS: readonly FailingCall[] = [...DATAZONE, ...STS, ...S3, ...DYNAMODB];

let scene: Scene;

beforeAll(async () => {
  scene = { story: await TroubledStory.start() };
});

afterAll(() => scene.story.close());

/** Troubles after which a call that writes has taken effect. */
const EFFECTIVE: readonly Trouble[] = ['dropped after', 'cut off', 'garbled', 'no answer'];
const writes = ({ operation }: FailingCall) => /^(Put|Update|Delete)/.test(operation);

const expectOutcome = (expected: Expected, { told, flow, ledger }: { told: Told; flow: Flow; ledger: LedgerView }) => {
  expect(told.returned).toHaveLength(expected === 'returned' ? 1 : 0);
  if (expected === 'returned') return;
  if (expected === 'subscription failed') return expect(ledger.failures).toEqual(['subscription defect']);
  if (expected === 'bucket failed') expect(ledger.failures).toEqual(['bucket defect']);
  const seen = summaryOf(scene.story, ledger);
  if (expected === 'done') return expect(seen).toEqual(RIGHT[flow]);
  if (expected === 'unreported') return expect({ ...seen, shown: '' }).toEqual({ ...RIGHT[flow], shown: '', due: ['report'] });
  // A subscription waits for a bucket that failed.
  const code = expected === 'bucket failed' ? 'waiting unavailable' : expected;
  const waiting = [...ledger.records.values()].filter(({ outcome }) => outcome.kind === 'waiting');
  expect(waiting.map(({ outcome, due }) => [`waiting ${outcome.code}`, due !== undefined])).toEqual([[code, true]]);
  expect(ledger.due).toHaveLength(1);
};

// A failed call that took no effect leaves the story where it was, so the next one befalls it there; what took effect is told to its end.
describe.each(FAILING_CALLS.map((call) => [call.name, call] as const))('%s', (_name, call) => {
  describe.each(call.flows)('failing in a %s', (flow) => {
    const event = EVENTS[call.journey][flow === 'grant' ? 'grant' : 'end'];
    let isToCome = false;
    let others: unknown;

    const setOut = async () => {
      const { story } = scene;
      if (!isToCome) {
        await comeTo(flow, { story, journey: call.journey, ...(call.alone ? { owners: null } : {}) });
        others = story.othersPolicy;
      }
      if (call.cold && !isToCome) await story.restart();
      story.aws.recorder.clear();
      isToCome = true;
    };
    const expectRight = async () => {
      expect(await scene.story.invoke(event)).toEqual([]);
      expect(await summary(scene.story)).toEqual(RIGHT[flow]);
      isToCome = false;
    };

    const errors = flow === 'revocation' ? (call.revocation ?? call.errors) : call.errors;
    it.each(Object.entries(errors) as [Trouble, Expected][])('%s: %s', async (what, expected) => {
      const { story } = scene;
      await setOut();
      const told = await tell(event, { what, call, scene });
      const ledger = await story.ledger();
      expect(told.hits).toBeGreaterThan(0);
      expectOutcome(expected, { told, flow, ledger });
      expectHonest(story, ledger);
      expect(story.othersPolicy).toEqual(others);
      if (call.comes === 'before the write' && expected !== 'done') expect(story.policyWrites).toEqual([]);
      if (expected === 'done') isToCome = false;
      else if (EFFECTIVE.includes(what) && writes(call)) await expectRight();
    });

    it('is made good once it is over', async () => {
      await setOut();
      await expectRight();
    });
  });
});
