import { setTimeout } from 'node:timers/promises';
import { asAssumed, type Unverified } from '../src/assumptions/unverified';
import { type Delivery, deliver, drain, type Handler } from './eventing/delivery';
import { EventBus, fireSchedule, sendAs } from './eventing/event-bus';
import type { FifoQueue } from './eventing/fifo-queue';
import { RequestLimits } from './eventing/request-limits';
import { type FunctionRun, runFunction } from './eventing/run-function';
import type { FaultPlan } from './faults/fault-plan';
import { faultPlanOf, type PlanSpace } from './faults/fault-plan-generator';
import { FailedUnderPlan, FaultPlanRun } from './faults/fault-plan-run';
import { Faults } from './faults/faults';
import { Front } from './front';
import { type Credentials, identityOf, issueSession } from './identities';
import { Later } from './later';
import { Recorder } from './recorder';
import { Seeds } from './seeds';
import { listen, shut } from './server';
import { type DeployedFunction, newState, type State } from './state';
import { startTableStore } from './table-store';
import { loadEventing } from './terraform/eventing-resources';
import { loadFunctions } from './terraform/function-resources';
import { loadIam } from './terraform/iam-resources';
import { readStack } from './terraform/stack';
import { tableCalls } from './terraform/table-resources';

export type LocalAwsOptions = {
  /** @default the real time */
  readonly clock?: () => Date;
  /** What to take otherwise than assumed. @default everything as `src/assumptions` says */
  readonly unverified?: Partial<Unverified>;
  /** Lets milliseconds pass in which a service works, where a fault plan says so. @default in earnest */
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** What the function does where it waits for milliseconds, such as turning the clock. @default waits in earnest */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** No page of DataZone's is longer. @default 50 */
  readonly pageSize?: number;
};

export type LocalAws = {
  /** For `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly state: State;
  readonly seed: Seeds;
  readonly recorder: Recorder;
  readonly faults: Faults;
  /** Time limits of the functions' requests. */
  readonly limits: RequestLimits;
  readonly bus: EventBus;
  /** Begins a fault plan, beside other faults. `end` ends it; what it held up still comes. */
  readonly befall: (plan: FaultPlan) => { readonly run: FaultPlanRun; readonly end: () => void };
  /**
   * Does `story` under a plan, the one of `seed` if only that is given.
   * @throws FailedUnderPlan if the story fails, with plan and seed in its message.
   */
  readonly underPlan: <Result>(
    given: { readonly seed: number; readonly space?: PlanSpace } | { readonly plan: FaultPlan },
    story: (run: FaultPlanRun) => Promise<Result>,
  ) => Promise<Result>;
  /** Lets everything happen that was held up: late calls land, late events come. */
  readonly settle: () => Promise<void>;
  /** A queue by ARN or name. */
  readonly queue: (name: string) => FifoQueue;
  /** Sends as a role or user; `sendAs` throws if the queue does not let it. @returns the message's id, or undefined for a duplicate. */
  readonly sendAs: (message: {
    readonly arn: string;
    readonly queueArn: string;
    readonly body: string;
    readonly group: string;
  }) => string | undefined;
  /** A schedule's time has come. */
  readonly fireSchedule: (name: string) => string | undefined;
  /** Credentials of a role (a session) or of a user, unknown to anyone else. */
  readonly credentialsFor: (arn: string) => Credentials;
  /** Credentials that Lambda gives the code of a deployed function, which name the function to IAM; the only one, if no name is given. */
  readonly functionCredentials: (name?: string) => Credentials;
  /** Deploys a synthesized stack, the object in `cdk.tf.json`, or updates what it changed. */
  readonly loadStack: (json: unknown, place?: { readonly account?: string; readonly region?: string }) => Promise<void>;
  /** A deployed function by name; the only one, if no name is given. */
  readonly function: (name?: string) => DeployedFunction;
  /**
   * Cold-starts a deployed function from its bundle, with its role's credentials and its environment. It lives by the double's clock.
   * Started several times, it may run several times at once, as in Lambda.
   */
  readonly startFunction: (bundlePath: string, name?: string) => Promise<Handler>;
  readonly deliver: (handler: Handler, functionName?: string) => Promise<Delivery>;
  readonly drain: (handler: Handler, functionName?: string) => Promise<readonly Delivery[]>;
  readonly close: () => Promise<void>;
};

const FUNCTION_SESSION = 'function';

const deployedFunction = ({ functions }: State, name: string | undefined): DeployedFunction => {
  const [found, another] = name === undefined ? functions.values() : [functions.get(name)];
  if (found === undefined || another !== undefined) {
    throw new Error(`there are ${functions.size} functions (${[...functions.keys()].join(', ')}); load one stack, or name one of them`);
  }
  return found;
};

const credentialsOf = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Credentials => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
});

/** A session that a function's starts share, until its role is replaced. */
const functionCredentials = ({ identities }: State, { arn, roleArn }: DeployedFunction): Credentials => {
  const living = [...identities.sessions.values()].find(
    (session) => session.arn === roleArn && session.sourceFunctionArn === arn && identityOf(identities, session) !== undefined,
  );
  return credentialsOf(living ?? issueSession(identities, roleArn, { name: FUNCTION_SESSION, sourceFunctionArn: arn }));
};

const queueNamed = ({ queues }: State, name: string): FifoQueue => {
  const found = queues.get(name) ?? [...queues.values()].find(({ settings }) => settings.name === name);
  if (found === undefined) throw new Error(`there is no queue '${name}'; there are ${[...queues.keys()].join(', ') || 'none'}`);
  return found;
};

/**
 * Starts a strict double of the AWS services that the product meets, on a free port of the loopback interface. Who may do what is
 * decided by the policies it is given; nothing is answered that was not built.
 */
export const startLocalAws = async (options: LocalAwsOptions = {}): Promise<LocalAws> => {
  const { clock = () => new Date(), wait = (milliseconds) => setTimeout(milliseconds), sleep, unverified, pageSize = 50 } = options;
  const state = newState({ clock, pageSize, unverified: { ...asAssumed(), ...unverified } });
  const later = new Later(clock);
  const bus = new EventBus(state, later);
  const faults = new Faults();
  const recorder = new Recorder();
  const limits = new RequestLimits();
  const tables = await startTableStore();
  const front = new Front({ state, bus, faults, recorder, tables, later, limits });
  const endpoint = await listen(front.http);

  const credentialsFor = (arn: string): Credentials => credentialsOf(issueSession(state.identities, arn));
  const befall: LocalAws['befall'] = (plan) => {
    const run = new FaultPlanRun(plan, { clock, wait, policyOf: (bucket) => state.buckets.get(bucket)?.policy });
    const ends = [faults.add(run.ofCall), bus.befall(run.ofEvent)];
    return { run, end: () => ends.forEach((end) => void end()) };
  };
  const underPlan: LocalAws['underPlan'] = async (given, story) => {
    const plan = 'plan' in given ? given.plan : faultPlanOf(given.seed, given.space);
    const { run, end } = befall(plan);
    try {
      return await story(run);
    } catch (cause) {
      throw new FailedUnderPlan(run, { seed: 'seed' in given ? given.seed : undefined, cause });
    } finally {
      end();
    }
  };
  const loadStack: LocalAws['loadStack'] = async (json, place) => {
    const stack = readStack(json, state.identities, place);
    loadIam(state, stack);
    loadEventing(state, stack);
    loadFunctions(state, stack);
    const calls = tableCalls(state, stack);
    for (const table of calls.tables) await tables.createTable(table);
    for (const item of calls.items) await tables.call('PutItem', item);
  };
  const startFunction: LocalAws['startFunction'] = (bundlePath, name) => {
    const deployed = deployedFunction(state, name);
    const { environment, region, name: functionName } = deployed;
    const credentials = functionCredentials(state, deployed);
    const time = { clock, timers: limits.timers, ...(sleep === undefined ? {} : { sleep }) };
    const run: FunctionRun = { bundlePath, environment, region, endpoint, functionName, credentials, ...time };
    return runFunction(run);
  };

  return {
    endpoint,
    state,
    seed: new Seeds(state),
    recorder,
    faults,
    limits,
    bus,
    befall,
    underPlan,
    settle: async () => {
      await later.runAll();
    },
    queue: (name) => queueNamed(state, name),
    sendAs: (message) => sendAs(state, message),
    fireSchedule: (name) => fireSchedule(state, name),
    credentialsFor,
    functionCredentials: (name) => functionCredentials(state, deployedFunction(state, name)),
    loadStack,
    function: (name) => deployedFunction(state, name),
    startFunction,
    deliver: async (handler, functionName) => {
      await later.runDue();
      return deliver(state, handler, functionName);
    },
    drain: async (handler, functionName) => {
      await later.runDue();
      return drain(state, handler, functionName);
    },
    close: async () => {
      await shut(front.http);
      await tables.close();
    },
  };
};
