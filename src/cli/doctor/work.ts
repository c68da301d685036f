import { isDeepStrictEqual } from 'node:util';
import { isLive } from '../../../handler/core/grant/grant';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import { LONGEST_POLICY } from '../../../handler/core/policy/policy-document';
import type { Deployment } from '../../deployment/load';
import { counted } from '../framework/table';
import type { BucketReading, Reading } from '../reading';
import type { Check, Finding } from './finding';

/** A wait that is longer is one that somebody has to end. Milliseconds. */
const LONG_WAIT = 3_600_000;
/** Two reconciles of six hours, and an hour for one that is late. Milliseconds. */
const OVERDUE = 13 * 3_600_000;
/** Share of S3's 20 KB. */
const NEARLY_FULL = 0.8;

/** What the ledger says: what waits or was refused, buckets that are stopped, full, or gone from the deployment. */
export const workChecks = (
  { registry, ledger }: Reading,
  { deployment, buckets, now }: { deployment: Deployment; buckets: readonly BucketReading[]; now: Date },
): readonly Check[] => [
  { name: 'registry', look: async () => lookAtRegistry(deployment, registry.buckets) },
  { name: 'subscription', look: async () => lookAtSubscriptions((await ledger.subscriptions()).records, now) },
  { name: 'ledger', look: async () => buckets.flatMap(lookAtBucket) },
  { name: 'operation', look: async () => lookAtOperation(ledger, { deployment, now }) },
];

/** Whether the deployment file and what is deployed are the same. */
const lookAtRegistry = (deployment: Deployment, registered: Reading['registry']['buckets']): readonly Finding[] => {
  const wanted = new Map(deployment.bucketAccounts.flatMap(({ buckets }) => buckets.map((bucket) => [bucket.name, bucket] as const)));
  const found = (subject: string, finding: string): Finding => ({
    level: 'warning',
    check: 'registry',
    subject,
    finding,
    remedy: "apply the domain account's stack, or name the file that is deployed",
  });
  return [
    ...[...wanted].flatMap(([name, bucket]) => {
      const deployed = registered.get(name);
      if (deployed === undefined) return [found(name, 'the deployment file lists the bucket, and the registry does not')];
      const told = ({ account, region, state, prefixes }: typeof bucket) => ({ account, region, state, prefixes });
      const same = isDeepStrictEqual(told(bucket), told(deployed));
      return same ? [] : [found(name, 'the deployment file says something else of the bucket than the registry')];
    }),
    ...[...registered.keys()]
      .filter((name) => !wanted.has(name))
      .map((name) => found(name, 'the registry lists the bucket, and the deployment file does not')),
  ];
};

/** Whether the deployment as a whole is stopped, and whether it is compared with DataZone as often as it should be. */
const lookAtOperation = async (
  ledger: Reading['ledger'],
  { deployment, now }: { deployment: Deployment; now: Date },
): Promise<readonly Finding[]> => {
  const [state, reconcile] = await Promise.all([ledger.deployment(), ledger.reconcile()]);
  const { since, frozen, uninstalling } = state ?? {};
  const reconciledAt = reconcile?.last?.finishedAt;
  const found = (level: Finding['level'], finding: string, remedy: string): Finding => ({
    ...{ level, check: 'operation', subject: deployment.name, finding, remedy },
  });
  const last = reconciledAt ?? since;
  return [
    ...(uninstalling !== undefined
      ? [found('problem', 'it was uninstalled: nobody is let in any more', 'destroy its stacks, or deploy under another name')]
      : []),
    ...(frozen !== undefined
      ? [
          found(
            'warning',
            'an operator stopped additions and repairs on all buckets',
            'lift it when it is time: datazone-s3 unfreeze --all',
          ),
        ]
      : []),
    ...(last !== undefined && now.getTime() - Date.parse(last) > OVERDUE
      ? [
          found(
            'problem',
            reconciledAt === undefined
              ? 'no reconcile ever came to its end'
              : `no reconcile came to its end since ${reconciledAt.slice(0, 19)}`,
            'see reconcile-overdue in docs/runbooks.md; now: datazone-s3 reconcile',
          ),
        ]
      : []),
  ];
};

/** One finding for each code: the oldest subscription speaks for the others. */
const lookAtSubscriptions = (records: readonly SubscriptionRecord[], now: Date): readonly Finding[] => {
  const byCode = new Map<string, SubscriptionRecord[]>();
  for (const record of records)
    if (record.outcome.kind === 'waiting' || record.outcome.kind === 'refused')
      byCode.set(record.outcome.code, [...(byCode.get(record.outcome.code) ?? []), record]);
  return [...byCode].flatMap(([code, group]) => {
    const [oldest] = group.toSorted((one, other) => (one.at < other.at ? -1 : 1));
    if (oldest === undefined || !('message' in oldest.outcome)) return [];
    const waits = oldest.outcome.kind === 'waiting';
    const isLong = now.getTime() - Date.parse(oldest.at) > LONG_WAIT;
    return [
      {
        level: waits && !isLong ? 'warning' : 'problem',
        check: 'subscription',
        subject: group.length === 1 ? oldest.id : counted(group.length, 'subscription'),
        finding: `${waits ? `waits since ${oldest.at.slice(0, 19)}` : 'was refused'} (${code}): ${oldest.outcome.message}`,
        remedy:
          code === 'membership-missing'
            ? 'see who is missing where: datazone-s3 membership plan'
            : `what the sentence says; all of them: datazone-s3 grants --status ${waits ? 'waiting' : 'refused'}`,
      } satisfies Finding,
    ];
  });
};

const lookAtBucket = ({ name, registered, head, grants }: BucketReading): readonly Finding[] => {
  const entries = grants.flatMap(({ grant }) => grant.principals);
  const live = entries.filter(isLive).length;
  const orphaned = entries.filter(({ state }) => state === 'orphaned').length;
  const found = (level: Finding['level'], finding: string, remedy: string): Finding => ({
    level,
    check: 'ledger',
    subject: name,
    finding,
    remedy,
  });
  const share = (head?.bytes ?? 0) / LONGEST_POLICY;
  return [
    ...(registered === undefined && live > 0
      ? [
          found(
            'problem',
            `${counted(live, 'live access', 'live accesses')} on a bucket that is not registered any more: nobody may take it away`,
            'register it again with state: retiring, apply both stacks, and take it out when its grants are gone',
          ),
        ]
      : []),
    ...(head?.contended === true
      ? [
          found(
            'problem',
            'somebody keeps replacing the policy, so additions and repairs are stopped',
            'agree with the owner (examples/bucket-owner), then: datazone-s3 unfreeze',
          ),
        ]
      : []),
    ...(head?.frozen === true
      ? [found('warning', 'an operator stopped additions and repairs', `lift it when it is time: datazone-s3 unfreeze ${name}`)]
      : []),
    ...(share > NEARLY_FULL
      ? [
          found(
            'warning',
            `the policy takes ${Math.round(share * 100)} % of the bytes that S3 takes`,
            'have consumers share roles, publish wider prefixes, or spread prefixes over more buckets',
          ),
        ]
      : []),
    ...(orphaned > 0
      ? [
          found(
            'warning',
            `${counted(orphaned, 'access', 'accesses')} of subscriptions that DataZone does not know any more`,
            `revoke them if they are not to stay: datazone-s3 grants --bucket ${name} --status orphaned`,
          ),
        ]
      : []),
  ];
};
