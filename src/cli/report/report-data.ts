/**
 * What a report shows, as it is embedded in the page: plain JSON, no names or policies beyond what an auditor reads from the ledger.
 * Times are ISO 8601 in UTC.
 */
export interface ReportData {
  readonly deployment: string;
  readonly generatedAt: string;
  /** Since when changes are told. */
  readonly changesSince: string;
  readonly grants: readonly ReportGrant[];
  readonly buckets: readonly ReportBucket[];
  /** The newest first. */
  readonly changes: readonly ReportChange[];
  /** Stored items that could not be read, so that the report lacks them. */
  readonly unreadable: readonly { readonly partition: string; readonly sort: string; readonly message: string }[];
}

/** One principal's right to one location, or a subscription that came to none. */
export interface ReportGrant {
  readonly subscription: string;
  readonly state: string;
  /** Why it waits or was refused, and the sentence that says what to do. */
  readonly code?: string | undefined;
  readonly sentence?: string | undefined;
  /** Ended for good, by an operator or because it expired. */
  readonly final?: 'operator' | 'expired' | undefined;
  /** The operator who ended the subscription, and the reason given. */
  readonly endedBy?: string | undefined;
  readonly endReason?: string | undefined;
  readonly principal?: string | undefined;
  /** ARN, as granted; as published where it was never granted. */
  readonly location?: string | undefined;
  readonly bucket?: string | undefined;
  readonly owningProject?: string | undefined;
  readonly owningProjectName?: string | undefined;
  readonly consumerProject?: string | undefined;
  readonly consumerProjectName?: string | undefined;
  readonly listing?: string | undefined;
  readonly requestedBy?: string | undefined;
  readonly approvedBy?: string | undefined;
  readonly approvedAt?: string | undefined;
  readonly since: string;
}

export interface ReportBucket {
  readonly name: string;
  /** `unregistered`: it was taken out of the deployment, and the ledger still knows it. */
  readonly state: 'active' | 'retiring' | 'unregistered';
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly prefixes: readonly string[];
  /** Bytes of the whole policy as last written by us; 0: we never wrote one. */
  readonly policyBytes: number;
  readonly frozen: boolean;
  readonly contended: boolean;
}

/** One verified change of a bucket's policy. */
export interface ReportChange {
  readonly bucket: string;
  readonly version: number;
  readonly at: string;
  /** Session name of the editor role, by which the change's calls are found in CloudTrail. */
  readonly session: string;
  readonly subscriptions: readonly string[];
  /** Our statements in the policy before and after. */
  readonly statementsBefore: number;
  readonly statementsAfter: number;
  /** Who was let in and who was shut out, as `principal on location`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly residualAccess: readonly string[];
  /** What caused it, a line each: an event or a command, who asked for it, and why. */
  readonly causes: readonly string[];
}

/** Longest bucket policy that S3 takes, in bytes. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
export const POLICY_LIMIT = 20_480;

const LIVE: ReadonlySet<string> = new Set(['granted', 'retained', 'orphaned', 'revoking']);

/** Whether a policy lets this principal in, or may still. */
export const isLiveGrant = (grant: ReportGrant): boolean => grant.principal !== undefined && LIVE.has(grant.state);

/** `s3://bucket/prefix/` of a location's ARN. */
export const s3Url = (arn: string): string => arn.replace(/^arn:[^:]*:s3:::/, 's3://');

/** A project's name where it is known, and its id elsewhere. */
export const projectLabel = (id: string | undefined, name: string | undefined): string => name ?? id ?? '';
