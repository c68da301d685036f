/** Something wrong in a deployment file: where, and what to write instead. The message continues the path: `is missing; write …`. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A path as one writes it: `bucketAccounts[0].buckets[1].name`; a key that is no word stands in quotes; the file as a whole is `the file`. */
export const pathText = (path: Problem['path']): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : /^[\w:/-]+$/.test(step) ? `.${step}` : `.${JSON.stringify(step)}`))
    .join('')
    .replace(/^\./, '') || 'the file';

/** A deployment that cannot be built. Its message lists everything that is wrong. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';

  constructor(
    readonly file: string,
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(
      `${file}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}; nothing was written\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
      options,
    );
  }
}
