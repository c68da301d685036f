import type { Call } from '../../../local-aws/call';
import type { Fault } from '../../../local-aws/faults/faults';
import type { FailingCall, Trouble } from './failing-call';
import type { TroubledStory } from './troubled-story';

export type Scene = { readonly story: TroubledStory };

const faultOf = (what: Trouble, delay: Promise<void>): Fault => {
  switch (what) {
    case 'dropped before':
      return 'drop before';
    case 'dropped after':
      return 'drop after';
    case 'no answer':
      return { delay };
    case 'cut off':
    case 'garbled':
      return what;
    default: {
      const [code = '', status] = what.split(' ');
      return { code, status: Number(status), message: 'as arranged' };
    }
  }
};

/** What the function returned while something befell its calls, and how many of them it befell. Whatever was on its way has landed. */
export type Told = { readonly returned: readonly string[]; readonly hits: number };

/** Tells one event while something befalls every such call. */
export const tell = async (event: string, { what, call, scene }: { what: Trouble; call: FailingCall; scene: Scene }): Promise<Told> => {
  const { story } = scene;
  const { operation, only = () => true } = call;
  const { recorder, faults, limits } = story.aws;
  const isMeant = (one: Pick<Call, 'operation' | 'params'>) => one.operation === operation && only(one.params);
  const answered = () => recorder.calls.filter(isMeant).length;
  const before = answered();
  let release: () => void = () => undefined;
  const delay = new Promise<void>((resolve) => {
    release = resolve;
  });
  let hits = 0;
  let givenUp = 0;
  const fault = faultOf(what, delay);
  const remove = faults.add((one) => {
    if (!isMeant(one)) return undefined;
    hits += 1;
    return fault;
  });
  try {
    let isOver = false;
    const invocation = story.invoke(event).finally(() => {
      isOver = true;
    });
    while (what === 'no answer' && !isOver) {
      await limits.elapse(() => (isOver ? Number.POSITIVE_INFINITY : hits - givenUp));
      givenUp = hits;
    }
    return { returned: await invocation, hits };
  } finally {
    remove();
    release();
    while (answered() < before + hits) await new Promise((resolve) => setImmediate(resolve));
  }
};
