import type { Cause } from '../../../handler/core/ledger/history-record';

const TRIGGERS: Readonly<Record<Cause['trigger'], string>> = {
  event: 'DataZone event',
  schedule: 'scheduled work',
  reconcile: 'scheduled reconcile',
  operator: "operator's request",
};

/** Returns a cause in one line: what triggered the change, for which subscription, who asked for it, and why. */
export const causeText = ({ trigger, what, subscription, by, reason }: Cause): string =>
  [
    `${TRIGGERS[trigger]}${what === undefined ? '' : ` '${what}'`}`,
    ...(subscription === undefined ? [] : [`for subscription ${subscription}`]),
    ...(by === undefined ? [] : [`by ${by}`]),
  ].join(' ') + (reason === undefined ? '' : `: ${reason}`);
