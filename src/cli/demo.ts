import { join } from 'node:path';
import { deployLocally } from '../local-aws/local-deployment';
import type { Recorder } from '../local-aws/recorder';
import { DemoStory } from './demo-story';

const DEPLOYMENT = join(__dirname, '../../examples/two-accounts.yaml');

/** What the reader may do: 200 where the subscription lets it, 403 beside it, the neighbour of like name included. */
const readings = (inside: number) =>
  [
    { what: "GetObject 'public/image-1.png'", ask: (story: DemoStory) => story.read('public/image-1.png'), expected: inside },
    { what: "ListObjectsV2 under 'public/'", ask: (story: DemoStory) => story.list('public/'), expected: inside },
    { what: "GetObject 'public-secret/plan.txt'", ask: (story: DemoStory) => story.read('public-secret/plan.txt'), expected: 403 },
    { what: "ListObjectsV2 under 'public-secret/'", ask: (story: DemoStory) => story.list('public-secret/'), expected: 403 },
    { what: "ListObjectsV2 under 'public'", ask: (story: DemoStory) => story.list('public'), expected: 403 },
    { what: "GetObject 'private/notes.txt'", ask: (story: DemoStory) => story.read('private/notes.txt'), expected: 403 },
  ] as const;

const show = async (story: DemoStory, { title, inside }: { title: string; inside: number }): Promise<number> => {
  console.log(`\n${title}`);
  const policy = await story.policy();
  console.log(policy === undefined ? '  the bucket has no policy' : JSON.stringify(policy, null, 2).replace(/^/gm, '  '));
  let wrong = 0;
  for (const { what, ask, expected } of readings(inside)) {
    const status = await ask(story);
    if (status !== expected) wrong++;
    console.log(`  ${status === expected ? 'ok   ' : 'WRONG'} ${status}  ${what}${status === expected ? '' : `, expected ${expected}`}`);
  }
  return wrong;
};

/**
 * The story of a subscription, on synthesized stacks and the bundled function, against a double of AWS on this machine: publish,
 * name a target, subscribe and approve, revoke. `recorded` is shown every call that was made. Returns how many of the reader's answers were not as they should be.
 */
export const demo = async (options: { readonly recorded?: (recorder: Recorder) => void } = {}): Promise<number> => {
  const deployment = await deployLocally({ file: DEPLOYMENT });
  const story = new DemoStory(deployment);
  try {
    console.log('The domain and the consumer live in account 111111111111, the bucket acme-raw in account 222222222222.');
    story.prepare();
    await story.publish();
    await story.createTarget();
    let wrong = await show(story, { title: 'Published, not subscribed', inside: 403 });
    await story.subscribe();
    wrong += await show(story, { title: 'Subscribed and approved', inside: 200 });
    await story.revoke();
    wrong += await show(story, { title: 'Revoked', inside: 403 });
    console.log(wrong === 0 ? '\nEvery answer is as it should be.' : `\n${wrong} answers are not as they should be.`);
    return wrong;
  } finally {
    options.recorded?.(deployment.aws.recorder);
    story.close();
    await deployment.close();
  }
};

/** What the function and the SDK would say on the side; set them otherwise to see it. */
export const QUIET = {
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

if (require.main === module) {
  for (const [name, value] of Object.entries(QUIET)) process.env[name] ??= value;
  demo().then(
    (wrong) => {
      process.exitCode = wrong === 0 ? 0 : 1;
    },
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
