import { Inspection } from '../bucket-policy';
import { type Finding, looked } from '../doctor/finding';
import { itemCheck } from '../doctor/items';
import { linkChecks } from '../doctor/links';
import { policyChecks } from '../doctor/policies';
import { workChecks } from '../doctor/work';
import { command } from '../framework/command';
import { lines, output } from '../framework/output';
import { counted } from '../framework/table';
import type { Colour } from '../framework/terminal';
import { openReading, readBuckets } from '../reading';

const COLOURS: Readonly<Record<Finding['level'], Colour>> = { problem: 'red', warning: 'yellow', unknown: 'dim' };

export const doctor = command({
  name: 'doctor',
  group: 'Answers',
  summary: 'Looks at everything that access depends on, and tells what is not in order and how to mend it',
  details: [
    'Rule, queues and function; the registry against the deployment file; what waits or was refused, and why; stored items that cannot be read, and work that failed unexpectedly; every bucket: its roles, policy, Block Public Access, keys, room, deleted principals, and who replaces what we wrote.',
    'The exit code is 1 where there is a problem, or something could not be looked at.',
  ],
  needs: 'reading',
  examples: [{ line: 'doctor', about: 'Every finding with its remedy.' }],
  run: async (context) => {
    const { terminal, deployment } = context;
    const reading = await openReading(context);
    const buckets = await readBuckets(reading);
    const now = new Date();
    const checks = [
      itemCheck(reading),
      ...linkChecks(context, reading.reader),
      ...workChecks(reading, { deployment, buckets, now }),
      ...policyChecks(buckets, { context, inspection: new Inspection(context, reading.reader), ledger: reading.ledger, now }),
    ];
    const found: Finding[] = [];
    for (const [index, check] of checks.entries()) {
      terminal.progress(`looking at ${check.name} (${index + 1}/${checks.length})`);
      found.push(...(await looked(check)));
    }
    const findings = onceAnItem(found);
    terminal.progress(undefined);
    terminal.answer({ checks: checks.map(({ name }) => name), findings }, () =>
      lines([
        ...findings.map(
          ({ level, subject, finding, remedy }) =>
            output`${terminal.paint(COLOURS[level], level.padEnd(7))}  ${terminal.paint('bold', subject)}: ${finding}\n         ${remedy}`,
        ),
        findings.length === 0
          ? `All is in order: ${counted(checks.length, 'check')}.`
          : `${counted(findings.length, 'finding')} in ${counted(checks.length, 'check')}.`,
      ]),
    );
    return findings.some(({ level }) => level !== 'warning') ? 'findings' : undefined;
  },
});

/** Several checks may meet the same unreadable item: the first finding, which knows the most of it, speaks for all. */
const onceAnItem = (findings: readonly Finding[]): readonly Finding[] => {
  const seen = new Set<string>();
  return findings.filter(({ item }) => {
    if (item === undefined) return true;
    const key = `${item.partition}\n${item.sort}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
};
