/**
 * Keys of the ledger table. `pk`/`sk` are the table's key, strings; the index `due` (partition `dueKind`, string; sort `dueAt`,
 * ISO 8601 in UTC, string; all attributes projected) is sparse: only items that must be looked at again carry its keys. The index
 * `waiting` (partition `waitingKind`, string; sort `waitingSince`, ISO 8601 in UTC, string; keys only) is sparse too: only items that
 * wait carry its keys, so that the one that has waited longest is the first item of a query.
 */
export const LEDGER = {
  partitionKey: 'pk',
  sortKey: 'sk',
  dueIndex: 'due',
  dueKind: 'dueKind',
  dueAt: 'dueAt',
  /** Sparse index of waiting subscriptions (partition `waitingKind`, sort `waitingSince`): its first item waits the longest. */
  waitingIndex: 'waiting',
  waitingKind: 'waitingKind',
  waitingSince: 'waitingSince',
} as const;

/** Partitions and sort keys of the ledger's items; see the ledger in `docs/semantics.md`. */
export const LEDGER_KEYS = {
  /** `subscription#<id>` / `state`, and `grant#<bucket>/<path>` for its settled grants, which no bucket policy depends on. */
  subscription: (id: string) => `subscription#${id}`,
  subscriptionState: 'state',
  /** `bucket#<name>` / `head`, `grant#<subscription>#<location>` for grants that are not settled, `history#<version>`. */
  bucket: (name: string) => `bucket#${name}`,
  head: 'head',
  grant: 'grant#',
  /** Versions are padded, so that a bucket's history reads in the order in which it happened. */
  history: (version: number) => `history#${String(version).padStart(12, '0')}`,
  /** `buckets` / `<name>`: every bucket that ever had statements of ours. */
  buckets: 'buckets',
  /** `reconcile` / `cursor`: where the current run stands, and what the last one found; `approved#<n>`: subscriptions it has seen. */
  reconcile: 'reconcile',
  cursor: 'cursor',
  approved: (part: number) => `approved#${String(part).padStart(6, '0')}`,
  /** `deployment` / `state`: since when it runs, and what an operator stopped. */
  deployment: 'deployment',
  deploymentState: 'state',
  /** `request#<id>` / `request`, and `plan#<n>` with what its reconcile would do or did. */
  request: (id: string) => `request#${id}`,
  requestState: 'request',
  plan: (part: number) => `plan#${String(part).padStart(6, '0')}`,
  /** `failures` / `subscription#<id>`, `bucket#<name>` or `deployment#<name>`: units of which the work failed unexpectedly. */
  failures: 'failures',
  failure: (kind: string, name: string) => `${kind}#${name}`,
  /** `delivery-test` / `last`: the last test event that arrived. */
  deliveryTest: 'delivery-test',
  lastDeliveryTest: 'last',
} as const;
