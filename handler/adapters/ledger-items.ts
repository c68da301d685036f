import * as z from 'zod/mini';
import type { Head } from '../core/head';
import { locationArn, parseLocation } from '../core/location';
import { REFUSED_CODES, WAITING_CODES } from '../core/outcome';
import type { Statement } from '../core/policy-document';
import { parsePrincipal } from '../core/principal';
import type { SubscriptionRecord } from '../core/subscription-record';
import { LedgerFailure } from '../errors';
import type { StoredGrant } from '../ports';
import { moment, recordShape, whole } from './record-shape';

/** Version of the items' shapes, kept in each of them. */
const SCHEMA = 1;

type Item = Record<string, unknown>;

const refusedOrWaiting = z.optional(z.enum([...REFUSED_CODES, ...WAITING_CODES]));

const grantItem = z.object({
  schema: z.literal(SCHEMA),
  revision: whole,
  subscriptionId: z.string(),
  location: z.string(),
  listingId: z.string(),
  assetId: z.string(),
  owningProject: z.string(),
  consumerProject: z.optional(z.string()),
  principals: z.record(
    z.string(),
    z.object({
      state: z.enum(['waiting', 'granted', 'retained', 'orphaned', 'revoking', 'revoked', 'expired', 'refused']),
      since: moment,
      code: refusedOrWaiting,
      final: z.optional(z.enum(['operator', 'expired'])),
      targets: z.array(z.string()),
    }),
  ),
});

const statements = z.array(z.record(z.string(), z.unknown()));

const headItem = z.object({
  schema: z.literal(SCHEMA),
  version: whole,
  attempt: z.string(),
  intended: z.optional(z.string()),
  previousPolicy: z.optional(z.string()),
  written: z.optional(z.string()),
  writtenAt: z.optional(moment),
  bytes: z.optional(whole),
  overwrites: z.optional(z.array(moment)),
  adopted: z.optional(z.record(z.string(), z.enum(['beside', 'replace']))),
  goneSince: z.optional(moment),
  frozen: z.optional(z.boolean()),
  contended: z.optional(z.boolean()),
});

const intendedChange = z.object({ statements, subscriptions: z.array(z.string()), at: moment });

const subscriptionItem = z.object({ schema: z.literal(SCHEMA), record: z.string() });
const unreadable = (what: string, cause?: unknown): LedgerFailure =>
  new LedgerFailure(
    `the ledger's item ${what} is not of a shape that this version reads; nothing is changed on its word: look for who wrote it`,
    { cause },
  );

const read = <Schema extends z.ZodMiniType>(schema: Schema, { value, what }: { value: unknown; what: string }): z.infer<Schema> => {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw unreadable(what, parsed.error);
  return parsed.data;
};

const json = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(what, error);
  }
};

export const grantToItem = ({ grant, revision }: StoredGrant): Item => ({
  schema: SCHEMA,
  ...grant,
  revision,
  location: locationArn(grant.location),
});

/** Every location and principal is validated again: from these items policies are compiled. */
export const grantFromItem = (item: Item, what: string): StoredGrant => {
  const { schema: _, revision, ...stored } = read(grantItem, { value: item, what });
  const location = parseLocation(stored.location, stored.location.split(':')[1] ?? '');
  if ('kind' in location) throw unreadable(what);
  for (const arn of Object.keys(stored.principals)) {
    const account = arn.split(':')[4] ?? '';
    const entry = stored.principals[arn];
    if (entry?.state !== 'refused' && 'code' in parsePrincipal(arn, { partition: location.partition, accounts: [account] }))
      throw unreadable(what);
  }
  return { grant: { ...stored, location }, revision };
};

export const headFromItem = (item: Item, what: string): Head => {
  const stored = read(headItem, { value: item, what });
  const written = stored.written === undefined ? [] : read(statements, { value: json(stored.written, what), what });
  const intended = stored.intended === undefined ? undefined : read(intendedChange, { value: json(stored.intended, what), what });
  const previous = stored.previousPolicy === undefined ? null : json(stored.previousPolicy, what);
  return {
    version: stored.version,
    attempt: stored.attempt,
    written,
    bytes: stored.bytes ?? 0,
    ...(intended === undefined ? {} : { intended: { ...intended, previousPolicy: typeof previous === 'string' ? previous : null } }),
    ...(stored.writtenAt === undefined ? {} : { writtenAt: stored.writtenAt }),
    ...(stored.overwrites === undefined ? {} : { overwrites: stored.overwrites }),
    ...(stored.adopted === undefined ? {} : { adopted: stored.adopted }),
    ...(stored.goneSince === undefined ? {} : { goneSince: stored.goneSince }),
    ...(stored.frozen === undefined ? {} : { frozen: stored.frozen }),
    ...(stored.contended === undefined ? {} : { contended: stored.contended }),
  };
};

/** What an operator, or the function, says of a bucket; `undefined`: nothing. */
export const marksOf = ({ overwrites, adopted, goneSince, frozen, contended }: Head) => ({
  overwrites,
  adopted,
  goneSince,
  frozen,
  contended,
});

/** The head's texts as they are announced; see `headFromItem`. */
export const announcedTexts = (intended: {
  statements: readonly Statement[];
  subscriptions: readonly string[];
  at: string;
  previousPolicy: string | null;
}) => ({
  intended: JSON.stringify({ statements: intended.statements, subscriptions: intended.subscriptions, at: intended.at }),
  previousPolicy: JSON.stringify(intended.previousPolicy),
});

/** The record as one text, and beside it what an operator filters by. */
export const recordToItem = (record: SubscriptionRecord): Item => ({
  schema: SCHEMA,
  revision: record.revision,
  outcome: record.outcome.kind,
  code: 'code' in record.outcome ? record.outcome.code : undefined,
  at: record.at,
  waitingSince: record.waitingSince,
  record: JSON.stringify(record),
});

export const recordFromItem = (item: Item, what: string): SubscriptionRecord => {
  const { record } = read(subscriptionItem, { value: item, what });
  return read(recordShape, { value: json(record, what), what });
};
