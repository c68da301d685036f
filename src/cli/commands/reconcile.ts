import type { OperatorCommand } from '../../../handler/contract/requests';
import { noteUnreadable, unreadableEntries } from '../answers/unreadable';
import { command } from '../framework/command';
import { option, REASON, reason, TIMEOUT, WAIT, whole, YES } from '../framework/fields';
import { output } from '../framework/output';
import { Commanding, confirmed } from '../requests/commanding';
import { bar, countsOf, planText } from '../requests/plan-text';

export const reconcile = command({
  name: 'reconcile',
  group: 'Changes',
  summary: 'Brings the bucket policies in line with DataZone: plans, asks, and has it done',
  details: [
    'The plan is made first and shown; with `--yes` it is done without asking. One run takes away no more than the cap of the deployment; `--approve-removals` lifts it for this run.',
  ],
  needs: 'commanding',
  options: {
    approveRemovals: option('--approve-removals <count>', 'take away up to so many accesses in this run', whole(1, 1_000_000).optional()),
    reason: { ...REASON, value: reason.default('reconcile') },
    yes: YES,
    wait: WAIT,
    timeout: TIMEOUT,
  },
  examples: [
    { line: 'reconcile', about: 'Shows the plan, asks, and applies it.' },
    { line: 'reconcile --yes --approve-removals 120 --reason "project closed"', about: 'Takes away up to 120 accesses without asking.' },
  ],
  run: async (context, { approveRemovals, reason: why, yes, wait, timeout }) => {
    const { terminal } = context;
    const commanding = await Commanding.open(context);
    const { ledger } = commanding.reading;
    const removals = approveRemovals === undefined ? {} : { removals: approveRemovals };
    const planned = await commanding.order({
      command: { command: 'reconcile', dryRun: true, ...removals },
      reason: why,
      wait: true,
      timeout,
    });
    const { lines, unreadable: errors } = await ledger.plan(planned.request);
    noteUnreadable(terminal, unreadableEntries(errors));
    const counts = countsOf(lines);
    const total = counts.grant + counts.revoke + counts.repair;
    if (total === 0) {
      terminal.answer({ plan: planned.request, counts, lines, unreadable: unreadableEntries(errors) }, () => planText(lines, terminal));
      return undefined;
    }
    if (!terminal.json) terminal.note(planText(lines, terminal));
    await confirmed(context, { yes, question: `Apply ${total} changes?` });
    const order: OperatorCommand = { command: 'reconcile', dryRun: false, ...removals };
    let id = '';
    const { request, item } = await commanding.order({
      command: order,
      reason: why,
      wait,
      timeout,
      watch: async (running, seconds) => {
        id = running?.request.id ?? id;
        const done = id === '' ? 0 : (await ledger.plan(id)).lines.filter(({ action }) => action !== 'held-back').length;
        terminal.progress(`${bar(done, total)} ${Math.round(seconds)} s`);
      },
    });
    const applied = item === undefined ? undefined : await ledger.plan(request);
    const done = applied?.lines ?? [];
    const unreadable = unreadableEntries(applied?.unreadable ?? errors);
    if (applied !== undefined) noteUnreadable(terminal, unreadable);
    terminal.answer(
      {
        plan: planned.request,
        request,
        counts: countsOf(item === undefined ? lines : done),
        result: item?.result,
        lines: item === undefined ? lines : done,
        unreadable,
      },
      () => {
        if (item === undefined) return output`sent as request ${request}; its result will be in the ledger`;
        const { grant, revoke, repair, heldBack } = countsOf(done);
        return output`Done: ${grant} granted, ${revoke} revoked, ${repair} repaired${heldBack === 0 ? '' : `, ${heldBack} held back`}.`;
      },
    );
    return undefined;
  },
});
