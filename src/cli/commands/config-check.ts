import { type Consequence, consequencesOf } from '../answers/stranding';
import { noteUnreadable, unreadableEntries } from '../answers/unreadable';
import { fileRegistry } from '../catalogue/file-registry';
import { command } from '../framework/command';
import { flag } from '../framework/fields';
import { lines, output } from '../framework/output';
import { counted } from '../framework/table';
import type { Colour } from '../framework/terminal';
import { openReading, readBuckets, unreadableIn } from '../reading';

const COLOURS: Readonly<Record<Consequence['kind'], Colour>> = { stranded: 'red', revoked: 'yellow', closed: 'yellow' };

export const configCheck = command({
  name: 'config check',
  group: 'First hour',
  summary: 'Checks the deployment file, and with --live what applying it would do to grants that live now',
  details: [
    'Without `--live` nothing is asked of AWS. With it, the file is held against the ledger: a bucket that is no longer listed strands its grants (nobody may take them away any more), one that retires loses them, and a prefix that is no longer registered lets nobody new in.',
    'The exit code is 2 for mistakes in the file, and 1 where grants would be stranded.',
  ],
  needs: 'reading',
  options: { live: flag('--live', 'look what applying it would do to live grants') },
  examples: [
    { line: 'config check --deployment deployment.yaml', about: 'Lists every mistake in the file, each with its path.' },
    { line: 'config check --live', about: 'Before it is applied: would it strand anybody?' },
  ],
  run: async (context, { live }) => {
    const { deployment, terminal, options } = context;
    const buckets = deployment.bucketAccounts.flatMap((account) => account.buckets);
    const answer = { file: options.deployment, deployment: deployment.name, mode: deployment.mode, buckets: buckets.length };
    const inOrder = output`${options.deployment} is in order: deployment '${deployment.name}', mode ${deployment.mode}, ${counted(buckets.length, 'bucket')}.`;
    if (!live) {
      terminal.answer(answer, () => inOrder);
      return undefined;
    }
    const found = await readBuckets(await openReading(context));
    const consequences = consequencesOf(fileRegistry(deployment), found);
    const unreadable = unreadableEntries(unreadableIn(found));
    noteUnreadable(terminal, unreadable);
    const stranded = consequences.filter(({ kind }) => kind === 'stranded').length;
    terminal.answer({ ...answer, consequences, unreadable }, () =>
      lines([
        inOrder,
        ...consequences.map(
          ({ kind, location, subscription, principals, why }) =>
            output`  ${terminal.paint(COLOURS[kind], kind)} ${location} (subscription ${subscription}, ${principals.join(', ')}): ${why}`,
        ),
        consequences.length === 0
          ? 'Applying it leaves every live grant as it is.'
          : `Applying it would touch ${counted(consequences.length, 'live grant')}, and strand ${stranded}.`,
      ]),
    );
    return stranded > 0 ? 'findings' : undefined;
  },
});
