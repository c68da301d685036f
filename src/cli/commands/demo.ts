import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';

export const demo = command({
  name: 'demo',
  group: 'First hour',
  summary: 'Tells the story of a subscription on this machine: publish, subscribe, approve, read, revoke',
  details: [
    'Synthesized stacks of two accounts and the bundled function run against a double of AWS; no account is needed, and none is touched. A plain S3 client reads along, and the bucket policy is printed at each step.',
  ],
  needs: 'nothing',
  examples: [{ line: 'demo', about: 'Takes a few seconds.' }],
  run: async () => {
    // Beside the bundle, which is where this runs: see src/build/build-cli.ts.
    const files = { demo: join(__dirname, 'demo.json'), functionFile: join(__dirname, 'handler/index.js'), cli: __filename };
    if (!existsSync(files.demo))
      throw new CommandFailure(
        'missing',
        `this build comes without the demo's stacks (${files.demo})`,
        'build it with: npm run cli:bundle',
      );
    const { tellStory } = await import('../demo/tell-story');
    return (await tellStory(files)) === 0 ? undefined : 'findings';
  },
});
