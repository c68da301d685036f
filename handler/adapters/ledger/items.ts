import * as z from 'zod/mini';
import { LEDGER, LEDGER_KEYS } from '../../contract/ledger-keys';
import { grantKey } from '../../core/grant/grant';
import { locationArn, parseLocation } from '../../core/grant/location';
import { parsePrincipal } from '../../core/grant/principal';
import { REFUSED_CODES, WAITING_CODES } from '../../core/outcome';
import type { Head, IntendedChange } from '../../core/policy/head';
import type { Statement } from '../../core/policy/policy-document';
import type { SubscriptionRecord } from '../../core/subscription/subscription-record';
import { lazily } from '../../lazily';
import { moment } from '../../moment';
import type { StoredGrant } from '../../ports';
import { recordShape } from './record-shape';
import { mustAgree, readStored, SCHEMA, schema, storedJson, unreadable, whole } from './stored';

type Item = Record<string, unknown>;

const grantItem = lazily(() =>
  z.object({
    schema,
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
        code: z.optional(z.enum([...REFUSED_CODES, ...WAITING_CODES])),
        final: z.optional(z.enum(['operator', 'expired'])),
        targets: z.array(z.string()),
      }),
    ),
  }),
);

const statements = lazily(() => z.array(z.record(z.string(), z.unknown())));

const headItem = lazily(() =>
  z.object({
    schema,
    version: whole,
    attempt: z.string(),
    intended: z.optional(z.string()),
    previousPolicy: z.optional(z.string()),
    written: z.optional(z.string()),
    writtenAt: z.optional(moment),
    bytes: z.optional(whole),
    overwrites: z.optional(z.array(moment)),
    adopted: z.optional(z.record(z.string().check(z.regex(/^[0-9a-z]{6}$/)), z.enum(['beside', 'replace']))),
    goneSince: z.optional(moment),
    frozen: z.optional(z.boolean()),
    contended: z.optional(z.boolean()),
  }),
);

const intendedChange = lazily(() => z.object({ statements: statements(), subscriptions: z.array(z.string()), at: moment }));

/** The policy before an announced change; `null`: there was none. */
const previousPolicy = lazily(() => z.nullable(z.string()));

const subscriptionItem = lazily(() => z.object({ schema, revision: whole, record: z.string() }));

export const grantToItem = ({ grant, revision }: StoredGrant): Item => ({
  schema: SCHEMA,
  ...grant,
  revision,
  location: locationArn(grant.location),
});

const PARTITION = /^aws[a-z-]*$/;

/** Every location and principal is validated again, and that the item lies where such a grant belongs: from these items policies are compiled. */
export const grantFromItem = (item: Item, what: string): StoredGrant => {
  const { schema: _, revision, ...stored } = readStored(grantItem, { value: item, what });
  const location = parseLocation(stored.location, stored.location.split(':')[1] ?? '');
  if ('kind' in location || !PARTITION.test(location.partition)) throw unreadable(what);
  for (const arn of Object.keys(stored.principals)) {
    const account = arn.split(':')[4] ?? '';
    const entry = stored.principals[arn];
    if (entry?.state !== 'refused' && 'code' in parsePrincipal(arn, { partition: location.partition, accounts: [account] }))
      throw unreadable(what);
  }
  const grant = { ...stored, location };
  mustAgree(
    what,
    [LEDGER_KEYS.bucket(location.bucket), item[LEDGER.partitionKey]],
    [`${LEDGER_KEYS.grant}${grantKey(grant)}`, item[LEDGER.sortKey]],
  );
  return { grant, revision };
};

/** An announcement holds both texts, or it is none. */
const announcedChange = (text: string, { previous, what }: { previous: string | undefined; what: string }): IntendedChange => {
  if (previous === undefined) throw unreadable(what);
  return {
    ...readStored(intendedChange, { value: storedJson(text, what), what }),
    previousPolicy: readStored(previousPolicy, { value: storedJson(previous, what), what }),
  };
};

export const headFromItem = (item: Item, what: string): Head => {
  const stored = readStored(headItem, { value: item, what });
  const written = stored.written === undefined ? [] : readStored(statements, { value: storedJson(stored.written, what), what });
  const intended = stored.intended === undefined ? undefined : announcedChange(stored.intended, { previous: stored.previousPolicy, what });
  return {
    version: stored.version,
    attempt: stored.attempt,
    written,
    bytes: stored.bytes ?? 0,
    ...(intended === undefined ? {} : { intended }),
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

/** The record with its whole shape; an item that says another id or revision of itself than its record does is not believed. */
export const recordFromItem = (item: Item, what: string): SubscriptionRecord => {
  const { revision, record: text } = readStored(subscriptionItem, { value: item, what });
  const record = readStored(recordShape, { value: storedJson(text, what), what });
  mustAgree(what, [record.revision, revision], [LEDGER_KEYS.subscription(record.id), item[LEDGER.partitionKey]]);
  return record;
};
