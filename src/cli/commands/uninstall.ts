import { grantRows } from '../answers/grant-row';
import { sortedPolicy, textOf } from '../answers/own-policy';
import { Inspection } from '../bucket-policy';
import { command } from '../framework/command';
import type { Context } from '../framework/context';
import { REASON, TIMEOUT, YES } from '../framework/fields';
import { counted, table } from '../framework/table';
import { type Reading, readBuckets } from '../reading';
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
    const live = grantRows(await readBuckets(commanding.reading), []).filter(({ state }) => !GONE.has(state));
    await confirmed(context, {
      yes,
      question: `Revoke all ${counted(live.length, 'access', 'accesses')} of deployment '${deployment.name}'?`,
      word: deployment.name,
    });
    const { request, item } = await commanding.order({ command: { command: 'uninstall' }, reason, wait: true, timeout });
    const left = await whatIsLeft(context, commanding.reading);
    const clean = left.every(({ accesses, statements }) => accesses === 0 && statements === 0);
    terminal.answer({ request, result: item?.result, clean, left }, () =>
      [
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
      ].join('\n'),
    );
    return clean ? undefined : 'findings';
  },
});

const whatIsLeft = async (context: Context, reading: Reading): Promise<readonly Left[]> => {
  const inspection = new Inspection(context, reading.reader);
  const left: Left[] = [];
  for (const found of await readBuckets(reading)) {
    const accesses = grantRows([found], []).filter(({ state }) => !GONE.has(state)).length;
    const policy = found.registered === undefined ? undefined : await inspection.policyOf(found.registered);
    if (policy === undefined || policy.kind === 'unread')
      left.push({ bucket: found.name, accesses, statements: undefined, why: policy?.why ?? 'it is not registered any more' });
    else left.push({ bucket: found.name, accesses, statements: sortedPolicy(textOf(policy), context.deployment)?.ours.length });
  }
  return left;
};
