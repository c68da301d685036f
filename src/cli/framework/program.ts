import { Argument, type Command as CommanderCommand, CommanderError, Option, Command as Program } from 'commander';
import type { Command } from './command';
import { Context, type GlobalOptions } from './context';
import { explain } from './explain';
import { type CommandFailure, EXIT_CODES } from './failure';
import { lines, type Output, output } from './output';
import { type Surroundings, Terminal } from './terminal';

/** Name by which the tool is called. */
export const TOOL = 'datazone-s3';

/** The options of every command, as they are typed. */
export const GLOBAL_OPTIONS: readonly { readonly flags: string; readonly about: string }[] = [
  { flags: '--deployment <file>', about: 'the deployment file (default: $DEPLOYMENT, or deployment.yaml)' },
  { flags: '--profile <name>', about: 'an AWS profile (default: what the AWS SDK finds)' },
  { flags: '--region <region>', about: "the Region to work in (default: the domain's of the deployment)" },
  { flags: '--no-assume-role', about: "work with your own credentials, not the deployment's operator or auditor role" },
  { flags: '--json', about: 'print JSON' },
  { flags: '--debug', about: 'print where an error came from' },
];

/** The program of these commands; `act` is called with the one that was typed, and what was typed after it. */
const programOf = (
  commands: readonly Command[],
  act: (command: Command, typed: { readonly values: Record<string, unknown>; readonly globals: Record<string, unknown> }) => Promise<void>,
): Program => {
  const program = new Program(TOOL)
    .description('Operates the fulfillment of Amazon DataZone subscriptions to S3 assets.')
    .exitOverride()
    .showHelpAfterError(false);
  for (const { flags, about } of GLOBAL_OPTIONS) program.addOption(new Option(flags, about));
  const folders = new Map<string, Program>();
  const folderOf = (words: readonly string[]): Program => {
    const [word] = words;
    if (word === undefined) return program;
    const known = folders.get(word);
    if (known !== undefined) return known;
    const made = program.command(word).description(
      `${word}: ${commands
        .filter(({ name }) => name.startsWith(`${word} `))
        .map(({ name }) => name.slice(word.length + 1))
        .join(', ')}`,
    );
    folders.set(word, made);
    return made;
  };
  for (const command of commands) {
    const words = command.name.split(' ');
    const sub = folderOf(words.slice(0, -1)).command(words.at(-1) ?? command.name);
    describe(sub, command);
    sub.action((...given: readonly unknown[]) => {
      const names = Object.keys(command.arguments);
      const values = Object.fromEntries(names.map((name, index) => [name, given[index]]));
      return act(command, { values: { ...values, ...sub.opts() }, globals: program.opts() });
    });
  }
  return program;
};

const describe = (sub: CommanderCommand, command: Command): void => {
  sub.summary(command.summary).description([command.summary, ...(command.details ?? [])].join('\n\n'));
  for (const field of Object.values(command.arguments)) sub.addArgument(new Argument(field.name, field.about));
  for (const field of Object.values(command.options)) sub.addOption(new Option(field.flags, field.about));
  const examples = command.examples.map(({ line, about }) => `  $ ${TOOL} ${line}\n      ${about}`).join('\n');
  const globals = GLOBAL_OPTIONS.map(({ flags, about }) => `  ${flags.padEnd(22)} ${about}`).join('\n');
  sub.addHelpText('after', `\nOptions of every command:\n${globals}\n\nExamples:\n${examples}`);
};

const globalOptions = (given: Record<string, unknown>, env: Surroundings['env']): GlobalOptions => {
  const text = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined);
  return {
    profile: text('profile'),
    region: text('region'),
    deployment: text('deployment') ?? env['DEPLOYMENT'] ?? 'deployment.yaml',
    assumeRole: given['assumeRole'] !== false,
    json: given['json'] === true,
    debug: given['debug'] === true,
  };
};

/** What commander throws to end a run that only showed its help. */
const SHOWN = ['commander.helpDisplayed', 'commander.version'];

/**
 * Runs what was typed. Never throws: an error becomes one sentence and the next step on standard error, and its class the exit code.
 * @param argv what was typed after the tool's name
 */
export const runProgram = async (commands: readonly Command[], argv: readonly string[], surroundings: Surroundings): Promise<number> => {
  let result: number = EXIT_CODES.done.code;
  const program = programOf(commands, async (command, { values, globals }) => {
    const options = globalOptions(globals, surroundings.env);
    const context = new Context(new Terminal(surroundings, options.json), options, surroundings.env);
    result = EXIT_CODES[(await command.run(context, values)) ?? 'done'].code;
  });
  const output = {
    writeOut: (text: string) => void surroundings.stdout.write(text),
    writeErr: (text: string) => void surroundings.stderr.write(text),
    outputError: () => undefined,
  };
  for (const each of withSubcommands(program)) each.exitOverride().configureOutput(output);
  try {
    if (argv.length === 0) {
      surroundings.stdout.write(program.helpInformation());
      return EXIT_CODES.usage.code;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return result;
  } catch (error) {
    if (error instanceof CommanderError && SHOWN.includes(error.code)) return EXIT_CODES.done.code;
    // A word that is none by itself, such as `target`: commander has shown which follow it.
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT_CODES.usage.code;
    const failure = explain(error);
    const terminal = new Terminal(surroundings, false);
    terminal.note(failureText(failure));
    if (argv.includes('--debug')) terminal.note(stackOf(error));
    return EXIT_CODES[failure.exitClass].code;
  }
};

const withSubcommands = (program: CommanderCommand): readonly CommanderCommand[] => [program, ...program.commands.flatMap(withSubcommands)];

const failureText = ({ message, details, next }: CommandFailure): Output =>
  lines([message, ...details.map((detail) => output`  ${detail}`), output`  ${next}`]);

/** How many causes of an error are shown: a cause may be its own. */
const MOST_CAUSES = 10;

/** The stack with those of its causes. The stack begins with the message, which may hold line breaks that are not ours. */
const stackOf = (error: unknown, left = MOST_CAUSES): Output => {
  if (!(error instanceof Error)) return output`${String(error)}`;
  const { name, message, stack = '' } = error;
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n');
  const own = lines([`${name}: ${message}`, ...frames.filter((frame) => frame.startsWith('    at '))]);
  return error.cause === undefined || left === 0 ? own : output`${own}\ncaused by: ${stackOf(error.cause, left - 1)}`;
};
