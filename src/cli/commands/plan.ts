import { noteUnreadable, unreadableEntries } from '../answers/unreadable';
import { command } from '../framework/command';
import { option, reason, TIMEOUT } from '../framework/fields';
import { Commanding } from '../requests/commanding';
import { countsOf, planText } from '../requests/plan-text';

export const plan = command({
  name: 'plan',
  group: 'Changes',
  summary: 'Compares DataZone, the ledger and the bucket policies, and tells what a reconcile would do',
  details: ['`+` grants, `-` revokes, `~` repairs, `!` is held back because it would take away more than one run may. Nothing is changed.'],
  needs: 'commanding',
  options: { reason: option('--reason <sentence>', 'why; it is kept with the request', reason.default('plan')), timeout: TIMEOUT },
  examples: [{ line: 'plan', about: 'What would be granted, revoked and repaired.' }],
  run: async (context, { reason: why, timeout }) => {
    const commanding = await Commanding.open(context);
    const { request, item } = await commanding.order({ command: { command: 'reconcile', dryRun: true }, reason: why, wait: true, timeout });
    const { terminal } = context;
    const { lines, unreadable: errors } = await commanding.reading.ledger.plan(request);
    const unreadable = unreadableEntries(errors);
    noteUnreadable(terminal, unreadable);
    terminal.answer({ request, result: item?.result, counts: countsOf(lines), lines, unreadable }, () => planText(lines, terminal));
    return undefined;
  },
});
