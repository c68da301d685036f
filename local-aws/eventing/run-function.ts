import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { Credentials } from '../identities';
import type { Handler } from './delivery';
import type { FunctionTimers } from './request-limits';

export type FunctionRun = {
  /** Absolute path of the bundle, a CommonJS file that exports `handler`. */
  readonly bundlePath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly endpoint: string;
  readonly region: string;
  readonly functionName?: string;
  /** The function's own clock. @default the machine's */
  readonly clock?: () => Date;
  /** What it does where it waits for milliseconds. @default waits in earnest */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** The function's own timers. @default Node's */
  readonly timers?: FunctionTimers;
};

type Variables = Readonly<Record<string, string | undefined>>;
type Exports = { readonly handler: Handler };
const isHandler = (value: unknown): value is Handler => typeof value === 'function';
const moduleExports = z.object({ handler: z.custom<Handler>(isHandler, 'the bundle exports no function named handler') });

/** The function's variables, and those that Lambda's runtime sets. */
const variablesOf = ({ environment, credentials, endpoint, region, functionName }: FunctionRun): Variables => ({
  ...environment,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_ENDPOINT_URL: endpoint,
  AWS_LAMBDA_FUNCTION_NAME: functionName ?? 'function',
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** The one process environment, lent to a function while it runs; `before` is what it held. */
let loan: { readonly variables: Variables; readonly before: Variables; users: number } | undefined;

const areEqual = (one: Variables, other: Variables): boolean =>
  Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([name, value]) => other[name] === value);

const withEnvironment = async <Result>(variables: Variables, run: () => Promise<Result>): Promise<Result> => {
  if (loan !== undefined && !areEqual(loan.variables, variables))
    throw new Error('another function is running in this process; await it first');
  const current = loan ?? { variables, before: { ...process.env }, users: 0 };
  loan = current;
  current.users += 1;
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) process.env[name] = value;
  try {
    return await run();
  } finally {
    current.users -= 1;
    if (current.users === 0) {
      loan = undefined;
      for (const name of Object.keys(variables)) {
        const value = current.before[name];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  }
};

/** `Date` for whoever lives by another clock: now is when that says. */
const dateOf = (clock: () => Date): DateConstructor =>
  new Proxy(Date, {
    construct: (date, given, made) => Reflect.construct(date, given.length === 0 ? [clock().getTime()] : given, made),
    apply: () => clock().toString(),
    get: (date, name, receiver) => (name === 'now' ? () => clock().getTime() : Reflect.get(date, name, receiver)),
  });

/** Node's modules, but that waiting is left to `sleep`. */
const requireOf = (bundlePath: string, sleep: FunctionRun['sleep']): ((name: string) => unknown) => {
  const load = createRequire(bundlePath);
  return (name) => (sleep !== undefined && /^(node:)?timers\/promises$/.test(name) ? { setTimeout: sleep } : load(name));
};

/** Evaluates the file anew, past every module cache: a cold start. */
const load = ({ bundlePath, clock, sleep, timers = { setTimeout, clearTimeout } }: FunctionRun): Exports => {
  const bundled: { exports: unknown } = { exports: {} };
  const source = `${readFileSync(bundlePath, 'utf8')}\n//# sourceURL=${bundlePath}`;
  const given = {
    exports: bundled.exports,
    require: requireOf(bundlePath, sleep),
    module: bundled,
    __filename: bundlePath,
    __dirname: dirname(bundlePath),
    Date: clock === undefined ? Date : dateOf(clock),
    setTimeout: timers.setTimeout,
    clearTimeout: timers.clearTimeout,
  };
  // The inner function lets the bundle declare names of its own that are among the given ones.
  new Function(...Object.keys(given), `(() => {${source}\n})();`)(...Object.values(given));
  return moduleExports.parse(bundled.exports);
};

/**
 * Starts the bundled function in this process, as Lambda starts it: variables first, then the module. They are set during each
 * invocation and taken back after it.
 * @throws Error if the bundle has no handler, or two functions that are not alike run at once: they share one process environment.
 */
export const runFunction = async (run: FunctionRun): Promise<Handler> => {
  const variables = variablesOf(run);
  const { handler } = await withEnvironment(variables, async () => load(run));
  return (event, context) => withEnvironment(variables, () => handler(event, context));
};
