import { locationArn } from '../../../handler/core/grant/location';
import type { SubscriptionRecord } from '../../../handler/core/subscription/subscription-record';
import type { BucketReading } from '../reading';

/** One step on a subscription's way, when it was taken, and what it waits for if it was not. */
export interface Step {
  readonly step: 'requested' | 'approved' | 'decided' | 'granted' | 'ended' | 'reported';
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
  /** When it is looked at next. ISO 8601, UTC. */
  readonly nextAttempt?: string | undefined;
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

const approved = ({ provenance, approvedAt, status }: SubscriptionRecord): Step => ({
  step: 'approved',
  state: 'done',
  at: approvedAt,
  text: [
    `approved${provenance?.reviewedBy === undefined ? '' : ` by ${provenance.reviewedBy}`}${provenance?.decisionComment === undefined ? '' : `: ${provenance.decisionComment}`}`,
    ...(status === undefined || status === 'APPROVED' ? [] : [`DataZone now says ${status}`]),
  ].join('; '),
});

const decided = (record: SubscriptionRecord): Step => {
  const { outcome, at } = record;
  switch (outcome.kind) {
    case 'refused':
      return { step: 'decided', state: 'failed', at, text: `refused (${outcome.code}): ${outcome.message}` };
    case 'waiting':
      return { step: 'decided', state: 'waiting', at, text: `waits (${outcome.code}): ${outcome.message}` };
    case 'ignored':
      return { step: 'decided', state: 'done', at, text: `ignored: ${outcome.reason}` };
    default:
      return { step: 'decided', state: 'done', at, text: `decided: ${outcome.kind}` };
  }
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

const places = ({ id }: SubscriptionRecord, buckets: readonly BucketReading[]): readonly Step[] =>
  buckets
    .flatMap(({ grants }) => grants)
    .filter(({ grant }) => grant.subscriptionId === id)
    .flatMap(({ grant }) =>
      Object.entries(grant.principals).map(([principal, { state, since, code }]) => ({
        step: state === 'revoked' || state === 'expired' || state === 'revoking' ? ('ended' as const) : ('granted' as const),
        state: STATES[state],
        at: since,
        text: `${principal} on ${locationArn(grant.location)}: ${state}${code === undefined ? '' : ` (${code})`}`,
      })),
    );

const reported = ({ reported: statuses }: SubscriptionRecord): readonly Step[] =>
  Object.entries(statuses).map(([grant, status]) => ({
    step: 'reported',
    state: status === 'GRANT_FAILED' ? 'failed' : 'done',
    text: `DataZone was told ${status} of grant ${grant}`,
  }));

/** What has become of a subscription, step by step. `buckets` are those it has grants in. */
export const statusOf = (record: SubscriptionRecord, buckets: readonly BucketReading[]): SubscriptionStatus => ({
  subscription: record.id,
  outcome: record.ended ?? record.outcome.kind,
  code: 'code' in record.outcome ? record.outcome.code : undefined,
  settled: !record.pending && record.outcome.kind !== 'waiting',
  steps: [requested(record), approved(record), decided(record), ...places(record, buckets), ...reported(record)],
  nextAttempt: record.due?.at,
});
