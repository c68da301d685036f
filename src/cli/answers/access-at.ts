import { type Access, accessesOf, type Grant } from '../../../handler/core/grant/grant';
import { locationArn } from '../../../handler/core/grant/location';
import type { HistoryRecord } from '../../../handler/core/ledger/history-record';
import { accessChange, accessesIn, accessText } from '../../../handler/core/policy/statement-access';
import type { GrantRow } from './grant-row';

/** An access as it stood at a moment: since which change, and for which subscriptions that change was made. */
interface Standing {
  readonly access: Access;
  readonly since: string;
  readonly subscriptions: readonly string[];
}

/** Plays a bucket's history up to a moment. `history` is ordered, the oldest first. */
const standingAt = (history: readonly HistoryRecord[], at: Date): readonly Standing[] => {
  const standing = new Map<string, Standing>();
  for (const entry of history) {
    if (Date.parse(entry.at) > at.getTime()) break;
    const { added, removed } = accessChange(
      [...standing.values()].map(({ access }) => access),
      accessesIn(entry.after),
    );
    for (const access of removed) standing.delete(accessText(access));
    for (const access of added) standing.set(accessText(access), { access, since: entry.at, subscriptions: entry.subscriptions });
  }
  return [...standing.values()];
};

/**
 * Who could read what of a bucket at a moment, by the policies that were verified up to then. A change is made for several
 * subscriptions at once: of these, those count that have a grant of this place to this principal; all of them where none is left.
 */
export const rowsAt = (
  { history, grants }: { readonly history: readonly HistoryRecord[]; readonly grants: readonly Grant[] },
  at: Date,
): readonly GrantRow[] => {
  const holders = new Map<string, Grant[]>();
  for (const grant of grants)
    for (const access of accessesOf(grant, () => true))
      holders.set(accessText(access), [...(holders.get(accessText(access)) ?? []), grant]);
  return standingAt(history, at).flatMap(({ access, since, subscriptions }) => {
    const holding = (holders.get(accessText(access)) ?? []).filter(({ subscriptionId }) => subscriptions.includes(subscriptionId));
    const by = holding.length > 0 ? holding.map(({ subscriptionId }) => subscriptionId) : subscriptions;
    return by.map((subscription) => {
      const grant = holding.find(({ subscriptionId }) => subscriptionId === subscription);
      return {
        subscription,
        state: 'granted',
        principal: access.principal,
        location: locationArn(access.location),
        bucket: access.location.bucket,
        owningProject: grant?.owningProject,
        consumerProject: grant?.consumerProject,
        since,
      };
    });
  });
};
