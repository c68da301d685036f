import * as z from 'zod';

const described = z.object({ description: z.string() });
const module = z.object({
  variable: z.record(z.string(), described.extend({ type: z.string(), default: z.unknown().optional() })),
  output: z.record(z.string(), described),
});

const BEGIN = '<!-- Inputs and outputs: written by npm run modules -->';
const END = '<!-- End of inputs and outputs -->';

/** A cell: on one line, with what would end it written otherwise. */
const cell = (text: string): string => text.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');

const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

/** The tables of a module's inputs and outputs, as Markdown, from its `main.tf.json`: first what has to be given. */
export const moduleTables = (mainTfJson: string): string => {
  const { variable, output } = module.parse(JSON.parse(mainTfJson));
  const inputs = Object.entries(variable).sort(([, a], [, b]) => Number('default' in a) - Number('default' in b));
  return [
    '## Inputs',
    '',
    row('name', 'type', 'default', 'what it is'),
    '|---|---|---|---|',
    ...inputs.map(([name, one]) =>
      row(`\`${name}\``, `\`${one.type}\``, 'default' in one ? `\`${JSON.stringify(one.default)}\`` : 'required', one.description),
    ),
    '',
    '## Outputs',
    '',
    row('name', 'what it is'),
    '|---|---|',
    ...Object.entries(output).map(([name, one]) => row(`\`${name}\``, one.description)),
  ].join('\n');
};

/** A README with these tables between its markers, or at its end where it has none yet. */
export const withTables = (readme: string, tables: string): string => {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  const section = `${BEGIN}\n\n${tables}\n\n${END}`;
  if (begin < 0 || end < begin) return `${readme.trimEnd()}\n\n${section}\n`;
  return `${readme.slice(0, begin)}${section}${readme.slice(end + END.length)}`;
};
