import type { PlanLine } from '../../../handler/core/ledger/reconcile-state';
import { lines as linesOf, type Output, output } from '../framework/output';
import { counted } from '../framework/table';
import type { Colour, Terminal } from '../framework/terminal';

const SIGNS: Readonly<Record<PlanLine['action'], readonly [sign: string, colour: Colour]>> = {
  grant: ['+', 'green'],
  revoke: ['-', 'red'],
  repair: ['~', 'yellow'],
  'held-back': ['!', 'yellow'],
};

/** How many of each a plan has. */
export const countsOf = (lines: readonly PlanLine[]) => {
  const count = (action: PlanLine['action']) => lines.filter((line) => line.action === action).length;
  return { grant: count('grant'), revoke: count('revoke'), repair: count('repair'), heldBack: count('held-back') };
};

const place = ({ location, bucket }: PlanLine): string => `s3://${location?.replace(/^arn:[^:]*:s3:::/, '') ?? bucket}`;

const lineText = (line: PlanLine, terminal: Terminal): Output => {
  const [sign, colour] = SIGNS[line.action];
  const who = line.principal === undefined ? 'our statements' : line.principal;
  const by = line.subscription === undefined ? '' : output` (subscription ${line.subscription})`;
  return output`  ${terminal.paint(colour, sign)} ${who} on ${place(line)}${by}\n      ${terminal.paint('dim', line.why)}`;
};

/** A plan as it is read before it is applied: by bucket, `+` grants, `-` revokes, `~` repairs, `!` is held back; then the counts. */
export const planText = (lines: readonly PlanLine[], terminal: Terminal): Output => {
  if (lines.length === 0) return output`No changes. DataZone, the ledger and the bucket policies agree.`;
  const buckets = [...new Set(lines.map(({ bucket }) => bucket))].sort();
  const { grant, revoke, repair, heldBack } = countsOf(lines);
  return linesOf([
    ...buckets.map((bucket) => {
      const own = lines.filter((line) => line.bucket === bucket);
      return output`bucket ${bucket}\n${linesOf(own.map((line) => lineText(line, terminal)))}\n`;
    }),
    output`Plan: ${grant} to grant, ${revoke} to revoke, ${repair} to repair${heldBack === 0 ? '' : output`, ${heldBack} held back`}.`,
    ...(heldBack === 0
      ? []
      : [
          `${counted(heldBack, 'removal')} held back, above the cap of one run; look at each, then: datazone-s3 reconcile --approve-removals ${revoke + heldBack}`,
        ]),
  ]);
};

/** A bar of so many characters, filled as far as things are done. */
export const bar = (done: number, total: number, width = 30): string => {
  const filled = total === 0 ? 0 : Math.min(width, Math.round((done / total) * width));
  return `[${'='.repeat(filled)}${' '.repeat(width - filled)}] ${done}/${total}`;
};
