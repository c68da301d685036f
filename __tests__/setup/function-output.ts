import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What no line of the function may hold: policy bodies, form contents, what people wrote as reasons, credentials. */
const UNTOLD: readonly (readonly [string, RegExp])[] = [
  ['a policy', /Statement|Principal\\*"|\\*"Effect|\\*"Resource/],
  ['the content of a form', /bucketArn[\\]*"\s*:/],
  ['a reason', /untold:|requestReason|decisionComment/],
  ['a credential', /(ASIA|AKIA)[A-Z0-9]{8}|token-of-|[Ss]ecretAccessKey|[Ss]essionToken|X-Amz-Security-Token|AWS4-HMAC/],
  ['a dimension finer than the deployment', /"Dimensions":\[\[(?!"service"\]\])/],
];

/** What a line holds that it must not, if anything. */
export const untoldIn = (folder: string): { readonly lines: number; readonly found: readonly string[] } => {
  const files = readdirSync(folder).filter((name) => name.startsWith('output-'));
  const lines = files.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
  return { lines: lines.length, found: lines.flatMap(untold) };
};

/** Names what is wrong with a line. */
export const untold = (line: string): readonly string[] =>
  UNTOLD.flatMap(([what, pattern]) => (pattern.test(line) ? [`${what}: ${line.slice(0, 500)}`] : []));
