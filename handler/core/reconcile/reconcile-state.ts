/** One thing that a reconcile would do, or did. */
export type PlanLine = {
  readonly action: 'grant' | 'revoke' | 'repair' | 'held-back';
  readonly bucket: string;
  /** ARN of the location. */
  readonly location?: string;
  readonly principal?: string;
  readonly subscription?: string;
  /** A sentence. */
  readonly why: string;
};

/** What a run counts as it goes; whole numbers. */
export const COUNTS = [
  'subscriptions',
  'buckets',
  'grant',
  'revoke',
  'repair',
  'held-back',
  'live',
  'stranded',
  'orphaned',
  'shared',
  'contended',
] as const;
export type Counts = Readonly<Record<(typeof COUNTS)[number], number>>;

export const NO_COUNTS: Counts = {
  subscriptions: 0,
  buckets: 0,
  grant: 0,
  revoke: 0,
  repair: 0,
  'held-back': 0,
  live: 0,
  stranded: 0,
  orphaned: 0,
  shared: 0,
  contended: 0,
};

/** A run that has not come to its end. First all approved subscriptions are gone through, then all buckets. */
export type ReconcileRun = {
  readonly id: string;
  /** The operator's request that it carries out. @default none: it was scheduled */
  readonly request?: string;
  readonly dryRun: boolean;
  /** How many accesses it may take away on DataZone's word. */
  readonly removals: number;
  readonly startedAt: string;
  readonly phase: 'subscriptions' | 'buckets';
  /** Token of DataZone's next page of approved subscriptions. @default the first page */
  readonly token?: string;
  /** The last bucket that is done. @default none is */
  readonly bucket?: string;
  /** Parts of the plan, and of the list of approved subscriptions, that were saved. */
  readonly parts: { readonly plan: number; readonly approved: number };
  readonly counts: Counts;
  /** Percent of S3's longest policy that the fullest one takes. */
  readonly fullest: number;
  /** Slices in a row that failed. */
  readonly failures: number;
};

/** Where reconcile stands: the run under way, and what the last one found. */
export type ReconcileState = {
  readonly revision: number;
  readonly run?: ReconcileRun;
  readonly last?: { readonly finishedAt: string; readonly counts: Counts; readonly fullest: number };
};
