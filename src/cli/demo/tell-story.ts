import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recorder } from '../../../local-aws/recorder';
import { runStacks, type SynthesizedStacks } from '../../../local-aws/running-stacks';
import { DemoStory } from './demo-story';
import { Typist } from './typist';

/** What a build puts beside the command line: the deployment file, its synthesized stacks, and the bundled function. */
export interface DemoFiles {
  readonly demo: string;
  readonly functionFile: string;
  readonly cli: string;
}

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
 * name a target, subscribe and approve, revoke; the first two at this command line. Returns how many of the reader's answers were
 * not as they should be. `recorded` is shown every call that was made.
 */
export const tellStory = async (
  { demo, functionFile, cli }: DemoFiles,
  options: { readonly recorded?: (recorder: Recorder) => void } = {},
): Promise<number> => {
  for (const [name, value] of Object.entries(QUIET)) process.env[name] ??= value;
  const { file, ...synthesized }: SynthesizedStacks & { readonly file: string } = JSON.parse(readFileSync(demo, 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'datazone-s3-demo-'));
  const deploymentFile = join(folder, 'deployment.yaml');
  writeFileSync(deploymentFile, file);
  const deployment = await runStacks(synthesized, { functionFile });
  const story = new DemoStory(deployment, new Typist(deployment.aws, { cli, deploymentFile }));
  try {
    console.log('The domain and the consumer live in account 111111111111, the bucket acme-raw in account 222222222222.');
    story.prepare();
    await story.publish();
    await story.createTarget();
    let wrong = await show(story, { title: 'Published, not subscribed', inside: 403 });
    await story.subscribe();
    await story.status();
    wrong += await show(story, { title: 'Subscribed and approved', inside: 200 });
    await story.revoke();
    await story.status();
    wrong += await show(story, { title: 'Revoked', inside: 403 });
    console.log(wrong === 0 ? '\nEvery answer is as it should be.' : `\n${wrong} answers are not as they should be.`);
    return wrong;
  } finally {
    options.recorded?.(deployment.aws.recorder);
    story.close();
    await deployment.close();
    rmSync(folder, { recursive: true });
  }
};

/** What the function and the SDK would say on the side; set them otherwise to see it. */
export const QUIET = {
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
