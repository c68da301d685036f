/**
 * What the process's exit code says, for scripts: the class of what went wrong, never its detail. `docs/cli.md` lists them from here.
 */
export const EXIT_CODES = {
  done: { code: 0, means: 'done, or the answer is yes' },
  findings: {
    code: 1,
    means: 'answered, and the answer is no: a finding of doctor, access that why does not find, grants that uninstall left',
  },
  usage: { code: 2, means: 'wrong flags or arguments, or a deployment file with mistakes' },
  credentials: { code: 3, means: 'no AWS credentials, or credentials that are expired or unknown' },
  denied: { code: 4, means: 'AWS or the DataZone domain denies it to these credentials' },
  unreachable: { code: 5, means: 'an AWS endpoint cannot be reached, or keeps answering with errors' },
  refused: { code: 6, means: 'understood and refused: by the fulfillment function, by a service, or by you when asked' },
  late: { code: 7, means: 'no result within the time that was given; it may still come' },
  missing: { code: 8, means: 'what was named does not exist: a subscription, a bucket, a table, a role' },
  unreadable: { code: 9, means: 'the stored item that was asked for cannot be read by this version' },
  defect: { code: 70, means: 'a defect of this tool' },
} as const satisfies Record<string, { readonly code: number; readonly means: string }>;

export type ExitClass = keyof typeof EXIT_CODES;

/**
 * Ends a command. `message` says in one sentence what happened, with the value; `next` what to do about it; `details` what stands
 * between them, each on a line of its own. External text may stand in all of them: it is made safe when it is printed.
 */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly details: readonly string[];

  constructor(
    readonly exitClass: ExitClass,
    message: string,
    readonly next: string,
    { details = [], ...options }: ErrorOptions & { readonly details?: readonly string[] } = {},
  ) {
    super(message, options);
    this.details = details;
  }
}

/** What a command answers when it is done: nothing, or the class of an answer that is not simply yes. */
export type CommandResult = ExitClass | undefined;
