import { locationArn } from '../../../handler/core/grant/location';
import type { RequestRecord } from '../../../handler/core/ledger/request-record';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import type { UnitFailure } from '../../../handler/core/ledger/unit-failure';
import type { StoredGrant } from '../../../handler/ports';
import { counted } from '../framework/table';
import type { BucketReading } from '../reading';
import { allGrants } from './grant-row';
import { unitText } from './unit-text';

/** One step on a subscription's way, when it was taken, and what it waits for if it was not. */
export interface Step {
  readonly step: 'requested' | 'approved' | 'decided' | 'granted' | 'ended' | 'reported' | 'failed';
  readonly state: 'done' | 'waiting' | 'failed';
  readonly at?: string | undefined;
  readonly text: string;
}

/** A subscription's way so far. */
export interface SubscriptionStatus {
  readonly subscription: string;
  readonly outcome: string;
  readonly code?: string | undefined;
  /** Nothing more will happen by itself. */
  readonly settled: boolean;
  readonly steps: readonly Step[];
  /** When it is evaluated next. ISO 8601, UTC. */
  readonly nextAttempt?: string | undefined;
  /** The operator who ended it, and why; absent where DataZone or the expiry ended it, and while it lives. */
  readonly endedBy?: SubscriptionRecord['endedBy'];
  /** Unexpected failures of the work on it or on its buckets. */
  readonly failures: readonly UnitFailure[];
}

/** Everything that the ledger has of one subscription. */
export interface SubscriptionFacts {
  readonly id: string;
  readonly record: SubscriptionRecord | undefined;
  /** Its grants that ended. */
  readonly settledGrants: readonly StoredGrant['grant'][];
  /** The buckets it has grants in. */
  readonly buckets: readonly BucketReading[];
  /** All failures of the deployment. */
  readonly failures: readonly UnitFailure[];
  /** The operator's request that ended it. */
  readonly request: RequestRecord | undefined;
}

const named = (id: string | undefined, name: string | undefined): string =>
  name === undefined ? `'${id ?? '?'}'` : `'${name}' (${id ?? '?'})`;

const subscriberText = ({ subscriber }: SubscriptionRecord): string => {
  if (subscriber === undefined) return 'somebody';
  switch (subscriber.kind) {
    case 'project':
      return `project ${named(subscriber.id, subscriber.name)}`;
    case 'iam':
      return subscriber.arn;
    default:
      return `${subscriber.kind} '${subscriber.id}'`;
  }
};

const requested = (record: SubscriptionRecord): Step => ({
  step: 'requested',
  state: 'done',
  text: [
    `${subscriberText(record)} asked for ${named(record.listing?.id, record.listing?.name)}`,
    ...(record.provenance === undefined ? [] : [`by ${record.provenance.requestedBy}: ${record.provenance.requestReason}`]),
  ].join(', '),
});

const approved = ({ provenance, approvedAt }: SubscriptionRecord): Step => ({
  step: 'approved',
  state: 'done',
  at: approvedAt,
  text: `approved${provenance?.reviewedBy === undefined ? '' : ` by ${provenance.reviewedBy}`}${provenance?.decisionComment === undefined ? '' : `: ${provenance.decisionComment}`}`,
});

const decided = (record: SubscriptionRecord): Step => {
  const { outcome, at, waitingSince, status, endedBy } = record;
  switch (outcome.kind) {
    case 'refused':
      return { step: 'decided', state: 'failed', at, text: `refused (${outcome.code}): ${outcome.message}` };
    case 'waiting':
      return { step: 'decided', state: 'waiting', at: waitingSince ?? at, text: `waits (${outcome.code}): ${outcome.message}` };
    case 'ignored':
      return { step: 'decided', state: 'done', at, text: `ignored: ${outcome.reason}` };
    default: {
      const why = status === undefined || status === 'APPROVED' || endedBy !== undefined ? '' : `; DataZone reports ${status}`;
      return { step: 'decided', state: 'done', at, text: `outcome: ${outcome.kind}${why}` };
    }
  }
};

/** What an operator did, and what DataZone's portal shows all the same. */
const endedByOperator = ({ endedBy, status, ended }: SubscriptionRecord, request: RequestRecord | undefined): readonly Step[] => {
  if (endedBy === undefined) return [];
  const isOpen = status === undefined || status === 'APPROVED';
  const portal =
    status === undefined
      ? ''
      : `; DataZone's status is ${isOpen ? `still ${status}: revoke the subscription there too` : status}, as last read`;
  return [
    {
      step: 'ended',
      state: 'done',
      at: request?.at,
      text: `${ended ?? 'ended'} for good by operator ${endedBy.by}: ${endedBy.reason} (request ${endedBy.request})${portal}`,
    },
  ];
};

const STATES = {
  granted: 'done',
  retained: 'done',
  orphaned: 'done',
  revoked: 'done',
  expired: 'done',
  waiting: 'waiting',
  revoking: 'waiting',
  refused: 'failed',
} as const;

const ENDING: ReadonlySet<keyof typeof STATES> = new Set(['revoked', 'expired', 'revoking']);

const access = ({ id, buckets, settledGrants }: SubscriptionFacts): readonly Step[] =>
  allGrants(
    buckets,
    settledGrants.map((grant) => ({ grant, revision: 0 })),
  )
    .filter(({ subscriptionId }) => subscriptionId === id)
    .flatMap(({ principals, location }) =>
      principals.map(({ arn, state, since, reason, final }) => {
        const why = reason === undefined ? (final === 'operator' ? ' (by an operator)' : '') : ` (${reason.code}): ${reason.message}`;
        return {
          step: ENDING.has(state) ? ('ended' as const) : ('granted' as const),
          state: STATES[state],
          at: since,
          text: `${arn} on ${locationArn(location)}: ${state}${why}`,
        };
      }),
    );

const reported = ({ reported: statuses }: SubscriptionRecord): readonly Step[] =>
  statuses.map(({ grant, asset, status }) => ({
    step: 'reported',
    state: status === 'GRANT_FAILED' ? 'failed' : 'done',
    text: `reported to DataZone: ${status} for asset ${asset} of grant ${grant}`,
  }));

const failed = ({ outcome, unit, message, item, since, at, attempts, dueAt }: UnitFailure): Step => ({
  step: 'failed',
  state: 'failed',
  at,
  text: [
    `the function failed unexpectedly on ${unitText(unit)} (${outcome}, ${counted(attempts, 'attempt')} since ${since.slice(0, 19)}, next at ${dueAt.slice(0, 19)}): ${message}`,
    ...(item === undefined ? [] : [`the item is '${item.partition}' / '${item.sort}'`]),
  ].join('; '),
});

/** Steps whose time is known, in its order; the others stay before or after them. */
const inOrder = (steps: readonly Step[]): readonly Step[] =>
  [...steps].sort((one, other) => (one.at === other.at ? 0 : (one.at ?? '') < (other.at ?? '') ? -1 : 1));

const concerns =
  ({ id, record }: SubscriptionFacts) =>
  ({ unit }: UnitFailure): boolean =>
    (unit.kind === 'subscription' && unit.id === id) || (unit.kind === 'bucket' && record?.buckets.includes(unit.name) === true);

/** Returns what has become of a subscription, step by step; undefined where the ledger has nothing of it. */
export const statusOf = (facts: SubscriptionFacts): SubscriptionStatus | undefined => {
  const { id: subscription, record, request } = facts;
  const failures = facts.failures.filter(concerns(facts));
  const dueAt = [...failures.map((failure) => failure.dueAt), ...(record?.due === undefined ? [] : [record.due.at])].sort()[0];
  if (record === undefined) {
    const [failure] = failures;
    if (failure === undefined) return undefined;
    return { ...{ subscription, failures }, outcome: failure.outcome, settled: false, steps: failures.map(failed), nextAttempt: dueAt };
  }
  const { outcome, ended, endedBy, pending } = record;
  const timed = [approved(record), decided(record), ...endedByOperator(record, request), ...access(facts), ...failures.map(failed)];
  return {
    ...{ subscription, endedBy, failures },
    outcome: ended ?? outcome.kind,
    code: 'code' in outcome ? outcome.code : undefined,
    settled: !pending && outcome.kind !== 'waiting' && failures.length === 0,
    steps: [requested(record), ...inOrder(timed), ...reported(record)],
    nextAttempt: dueAt,
  };
};
