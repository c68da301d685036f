import { bucketRows } from '../answers/grant-row';
import { sortedPolicy, textOf } from '../answers/own-policy';
import { noteUnreadable, unreadableEntries } from '../answers/unreadable';
import { Inspection } from '../bucket-policy';
import { command } from '../framework/command';
import type { Context } from '../framework/context';
import { REASON, TIMEOUT, YES } from '../framework/fields';
import { lines } from '../framework/output';
import { counted, table } from '../framework/table';
import { type BucketReading, type Reading, readBuckets, unreadableIn } from '../reading';
import { Commanding, confirmed } from '../requests/commanding';

/** What of a deployment is left on a bucket. */
interface Left {
  readonly bucket: string;
  /** Accesses that the ledger does not have as gone. */
  readonly accesses: number;
  /** Our statements in the policy; undefined: it could not be read. */
  readonly statements: number | undefined;
  readonly why?: string;
}

const GONE = new Set(['revoked', 'expired', 'refused']);

export const uninstall = command({
  name: 'uninstall',
  group: 'Changes',
  summary: 'Revokes every grant, lets nobody in any more, and proves that none is left',
  details: [
    'The proof reads the ledger and every bucket policy with the inspector roles; the exit code is 1 where anything is left, or could not be read. Destroy the stacks only after that: without the editor roles nobody takes access away.',
  ],
  needs: 'commanding',
  options: { reason: REASON, yes: YES, timeout: TIMEOUT },
  examples: [
    { line: 'uninstall --reason "replaced by another deployment"', about: "Asks for the deployment's name, revokes, and proves it." },
  ],
  run: async (context, { reason, yes, timeout }) => {
    const { terminal, deployment } = context;
    const commanding = await Commanding.open(context);
    const live = bucketRows(await readBuckets(commanding.reading)).filter(({ state }) => !GONE.has(state));
    await confirmed(context, {
      yes,
      question: `Revoke all ${counted(live.length, 'access', 'accesses')} of deployment '${deployment.name}'?`,
      word: deployment.name,
    });
    const { request, item } = await commanding.order({ command: { command: 'uninstall' }, reason, wait: true, timeout });
    const buckets = await readBuckets(commanding.reading);
    const left = await whatIsLeft(context, { buckets, reading: commanding.reading });
    const unreadable = unreadableEntries(unreadableIn(buckets));
    noteUnreadable(terminal, unreadable);
    // An item that cannot be read may be a grant: then nothing is proven.
    const clean = unreadable.length === 0 && left.every(({ accesses, statements }) => accesses === 0 && statements === 0);
    terminal.answer({ request, result: item?.result, clean, left, unreadable }, () =>
      lines([
        table(
          ['BUCKET', 'ACCESSES LEFT', 'STATEMENTS LEFT', ''],
          left.map(({ bucket, accesses, statements, why }) => [
            bucket,
            String(accesses),
            statements === undefined ? 'not read' : String(statements),
            why,
          ]),
        ),
        clean
          ? 'Nothing is left: the stacks can be destroyed.'
          : 'Something is left, or could not be read. Run it again, or see: datazone-s3 doctor',
      ]),
    );
    return clean ? undefined : 'findings';
  },
});

const whatIsLeft = async (
  context: Context,
  { buckets, reading }: { buckets: readonly BucketReading[]; reading: Reading },
): Promise<readonly Left[]> => {
  const inspection = new Inspection(context, reading.reader);
  const left: Left[] = [];
  for (const found of buckets) {
    const accesses = bucketRows([found]).filter(({ state }) => !GONE.has(state)).length;
    const policy = found.registered === undefined ? undefined : await inspection.policyOf(found.registered);
    if (policy === undefined || policy.kind === 'unread')
      left.push({ bucket: found.name, accesses, statements: undefined, why: policy?.why ?? 'it is not registered any more' });
    else {
      const sorted = sortedPolicy(textOf(policy), { bucket: found.name, deployment: context.deployment });
      left.push({
        ...{ bucket: found.name, accesses },
        ...(sorted.kind === 'unreadable' ? { statements: undefined, why: sorted.why } : { statements: sorted.ours.length }),
      });
    }
  }
  return left;
};
