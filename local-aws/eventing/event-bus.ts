import { evaluate } from '../../src/iam/evaluate';
import type { Context, Principal } from '../../src/iam/request';
import type { Later } from '../later';
import type { State } from '../state';
import type { BusEvent } from './event';
import { compilePattern } from './event-pattern';
import type { FifoQueue } from './fifo-queue';

/** A rule on the default bus and the queue it sends to. */
export type EventRule = {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly pattern: unknown;
  /** False: somebody disabled it. @default true */
  readonly enabled?: boolean;
  readonly target?: { readonly queueArn: string; readonly messageGroup?: string; readonly deadLetterArn?: string };
};

/** What becomes of an event on its way: `late` by milliseconds of the double's clock. */
export type EventFate = 'lost' | 'twice' | { readonly late: number };

/** SQS names a service that sends by an id of its own. */
const EVENTBRIDGE_SENDER = 'AIDAEVENTBRIDGESENDER';

const queueOf = (state: State, arn: string): FifoQueue => {
  const queue = state.queues.get(arn);
  if (queue === undefined) throw new Error(`the queue '${arn}' does not exist; load the stack that creates it`);
  return queue;
};

/** Whether a queue's policy, and the sender's identity policies, let a message in. */
export const maySend = (
  state: State,
  queue: FifoQueue,
  { principal, sourceArn }: { readonly principal: Principal; readonly sourceArn?: string },
): boolean => {
  const { arn, account, policy } = queue.settings;
  const identity = principal.type === 'service' ? undefined : state.identities.byArn.get(principal.arn);
  const context: Context = sourceArn === undefined ? {} : { 'aws:SourceArn': sourceArn };
  return (
    evaluate(
      { principal, action: 'sqs:SendMessage', resource: arn, resourceAccount: account, context },
      {
        identity: identity?.policies ?? [],
        ...(identity?.boundary === undefined ? {} : { boundary: identity.boundary }),
        ...(policy === undefined ? {} : { resource: { name: 'queue policy', document: policy } }),
      },
    ).decision === 'allowed'
  );
};

/**
 * The default bus of each account and Region. `route` may lose, repeat, hold back or reorder what DataZone emits: delivery is best effort.
 */
export class EventBus {
  /** Every event that reached a bus, and the rules that matched it. */
  readonly published: { readonly event: BusEvent; readonly rules: readonly string[] }[] = [];
  /** Events that no queue took, as a wrong queue policy makes them: in the rule's dead-letter queue, if it has one that may. */
  readonly undelivered: { readonly event: BusEvent; readonly rule: string }[] = [];
  route: (event: BusEvent) => readonly BusEvent[] = (event) => [event];
  private readonly hooks = new Set<(event: BusEvent) => EventFate | undefined>();

  constructor(
    private readonly state: State,
    private readonly later: Later,
  ) {}

  /** Adds a hook that says what becomes of an event that DataZone emits. @returns a function that takes it out. */
  befall(hook: (event: BusEvent) => EventFate | undefined): () => void {
    this.hooks.add(hook);
    return () => this.hooks.delete(hook);
  }

  /** What DataZone emits, by way of `route` and of what befalls it. */
  emit(event: BusEvent): void {
    for (const one of this.route(event)) {
      const fate = [...this.hooks].map((hook) => hook(one)).find((said) => said !== undefined);
      if (fate === 'lost') continue;
      if (typeof fate === 'object') this.later.add(fate.late, () => this.publish(one));
      else this.publish(one);
      if (fate === 'twice') this.publish(one);
    }
  }

  publish(event: BusEvent): void {
    const rules = [...this.state.rules.values()].filter(
      ({ account, region, pattern, enabled = true }) =>
        enabled && account === event.account && region === event.region && compilePattern(pattern)(event),
    );
    this.published.push({ event: structuredClone(event), rules: rules.map(({ arn }) => arn) });
    for (const rule of rules) this.deliver(event, rule);
  }

  private deliver(event: BusEvent, { arn, target }: EventRule): void {
    if (target === undefined) return;
    const principal = { type: 'service', service: 'events.amazonaws.com' } as const;
    const body = JSON.stringify(event);
    const queue = queueOf(this.state, target.queueArn);
    if (maySend(this.state, queue, { principal, sourceArn: arn })) {
      queue.send({ body, senderId: EVENTBRIDGE_SENDER, ...(target.messageGroup === undefined ? {} : { group: target.messageGroup }) });
      return;
    }
    this.undelivered.push({ event: structuredClone(event), rule: arn });
    const deadLetters = target.deadLetterArn === undefined ? undefined : queueOf(this.state, target.deadLetterArn);
    if (deadLetters !== undefined && maySend(this.state, deadLetters, { principal, sourceArn: arn })) {
      deadLetters.send({ body, senderId: EVENTBRIDGE_SENDER });
    }
  }
}

/** Sends as a role or user does; @throws Error if the queue or the sender's policies do not let it. */
export const sendAs = (
  state: State,
  { arn, queueArn, body, group }: { readonly arn: string; readonly queueArn: string; readonly body: string; readonly group: string },
): string | undefined => {
  const identity = state.identities.byArn.get(arn);
  if (identity === undefined) throw new Error(`'${arn}' does not exist`);
  const { account, uniqueId, kind } = identity;
  const queue = queueOf(state, queueArn);
  if (!maySend(state, queue, { principal: { type: kind === 'user' ? 'user' : 'role-session', account, arn, uniqueId } })) {
    throw new Error(`'${arn}' may not sqs:SendMessage to '${queueArn}'`);
  }
  return queue.send({ body, group, senderId: kind === 'user' ? uniqueId : `${uniqueId}:local` });
};

/** What EventBridge Scheduler does when a schedule is due: sends its input, as its role, once with each time. */
export const fireSchedule = (state: State, name: string): string | undefined => {
  const schedule = state.schedules.get(name);
  if (schedule === undefined)
    throw new Error(`there is no schedule '${name}'; there are ${[...state.schedules.keys()].join(', ') || 'none'}`);
  const time = `${state.clock().toISOString().slice(0, 19)}Z`;
  const body = schedule.input.replaceAll('<aws.scheduler.scheduled-time>', time);
  return sendAs(state, { arn: schedule.roleArn, queueArn: schedule.queueArn, body, group: schedule.messageGroup });
};
