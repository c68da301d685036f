import type { OperatorCommand } from '../../../handler/contract/requests';
import type { RequestRecord } from '../../../handler/core/ledger/request-record';
import { asOperator } from '../acting';
import type { Clients } from '../clients';
import type { Context } from '../framework/context';
import { CommandFailure } from '../framework/failure';
import { lines, type Output, output } from '../framework/output';
import { openReading, type Reading } from '../reading';
import { awaitRequest, type Watcher } from './await-request';
import { sendRequest } from './send-request';

/** A command and how it is waited for. */
export interface Order {
  readonly command: OperatorCommand;
  readonly reason: string;
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly watch?: Watcher;
}

/** What became of an order: its result, or only its id where nobody waits. */
export interface Ordered {
  readonly request: string;
  readonly item: RequestRecord | undefined;
}

/** The operator role at work: it reads, it asks, and it never touches a policy. */
export class Commanding {
  private constructor(
    private readonly context: Context,
    readonly operator: Clients,
    readonly reading: Reading,
  ) {}

  static async open(context: Context): Promise<Commanding> {
    const operator = await asOperator(context);
    return new Commanding(context, operator, await openReading(context, operator));
  }

  async order({ command, reason, wait, timeout, watch }: Order): Promise<Ordered> {
    const { context, operator, reading } = this;
    const { terminal } = context;
    const request = await sendRequest(operator, { context, command, reason });
    if (!wait) return { request, item: undefined };
    const shown: Watcher = (item, seconds) => terminal.progress(`${item?.state ?? 'sent'} … ${Math.round(seconds)} s`);
    try {
      return { request, item: await awaitRequest(reading.ledger, { id: request, timeout, watch: watch ?? shown }) };
    } finally {
      terminal.progress(undefined);
    }
  }

  /** The same for an order whose result is told in a sentence. */
  async orderAndTell(order: Order): Promise<void> {
    const { request, item } = await this.order(order);
    this.context.terminal.answer({ request, ...(item === undefined ? {} : outcomeOf(item)) }, () =>
      item === undefined
        ? output`sent as request ${request}; its result will be in the ledger`
        : lines([item.message ?? 'done', ...resultLines(item)]),
    );
  }
}

const resultLines = ({ result }: RequestRecord): readonly Output[] => (result ?? []).map(({ name, count }) => output`  ${name}: ${count}`);

/** The result of a request as `--json` has it, with what was asked for. */
const outcomeOf = ({ request: { command, reason }, state, by, message, at, finishedAt, result }: RequestRecord) => ({
  ...{ command, reason, state, by, message, at, finishedAt, result },
});

/**
 * Asks the person before something is done.
 * @throws CommandFailure unless they agree; where nobody can be asked, `--yes` is theirs
 */
export const confirmed = async (
  { terminal }: Context,
  { yes, question, word = 'yes' }: { yes: boolean; question: string; word?: string },
): Promise<void> => {
  if (yes) return;
  if (!terminal.interactive)
    throw new CommandFailure('refused', `nothing was done: ${question} was not answered, since there is no terminal`, 'say it with --yes');
  if ((await terminal.ask(`${question} Type '${word}':`)) !== word)
    throw new CommandFailure('refused', 'nothing was done', 'run it again when you are sure');
};
