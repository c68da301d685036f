import type { Command, Group, Needs } from './command';
import { EXIT_CODES } from './failure';
import { GLOBAL_OPTIONS, TOOL } from './program';

const GROUPS: readonly Group[] = ['First hour', 'Producers and consumers', 'Answers', 'Changes'];

const RIGHTS: Readonly<Record<Needs, string>> = {
  nothing: 'Needs no AWS credentials.',
  reading: "Reads only: the auditor role's rights suffice, and it takes that role on where you may.",
  commanding: 'Works under the operator role, through the queue: the function is the only one that writes bucket policies.',
  caller: 'Works with your own credentials.',
};

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const rows = (pairs: readonly (readonly [string, string])[]): string => pairs.map(([left, right]) => `| ${left} | ${right} |`).join('\n');

const usage = ({ name, arguments: given, options }: Command): string =>
  [TOOL, name, ...Object.values(given).map((field) => field.name), ...(Object.keys(options).length > 0 ? ['[options]'] : [])].join(' ');

const section = (command: Command): string => {
  const fields = [
    ...Object.values(command.arguments).map(({ name, about }) => [`\`${name}\``, escaped(about)] as const),
    ...Object.values(command.options).map(({ flags, about }) => [`\`${flags.replaceAll('|', '\\|')}\``, escaped(about)] as const),
  ];
  const examples = command.examples.map(({ line, about }) => `# ${about}\n${TOOL} ${line}`).join('\n');
  return [
    `### ${command.name}`,
    `${command.summary}.`,
    ...(command.details ?? []),
    RIGHTS[command.needs],
    `\`\`\`\n${usage(command)}\n\`\`\``,
    ...(fields.length === 0 ? [] : [`| | |\n|---|---|\n${rows(fields)}`]),
    `\`\`\`sh\n${examples}\n\`\`\``,
  ].join('\n\n');
};

/** The reference of all commands, `docs/cli.md`. */
export const referenceOf = (commands: readonly Command[]): string =>
  `${[
    '<!-- Generated from the command definitions by `npm run cli:docs`; edit those. -->',
    `# ${TOOL}`,
    'The command line of operators, producers and auditors. `npm run cli:bundle` builds it into `dist/cli`, one file without dependencies that runs on Node 20 or later. Everything in AWS is found by the deployment file. Answers go to standard output, everything said on the side to standard error; colour only on a terminal and without `NO_COLOR`.',
    '## Options of every command',
    `| | |\n|---|---|\n${rows(GLOBAL_OPTIONS.map(({ flags, about }) => [`\`${flags}\``, escaped(about)]))}`,
    'Credentials are found as every AWS SDK finds them: environment, profile, single sign-on, container, instance. `AWS_ENDPOINT_URL` is honoured.',
    '## Exit codes',
    `| code | means |\n|---|---|\n${rows(Object.values(EXIT_CODES).map(({ code, means }) => [String(code), escaped(means)]))}`,
    ...GROUPS.flatMap((group) => {
      const members = commands.filter((command) => command.group === group);
      return members.length === 0 ? [] : [`## ${group}`, ...members.map(section)];
    }),
  ].join('\n\n')}\n`;
