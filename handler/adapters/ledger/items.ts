import * as z from 'zod/mini';
import { LEDGER, LEDGER_KEYS } from '../../contract/ledger-keys';
import { type Grant, grantKey } from '../../core/grant/grant';
import { locationArn, locationKey, parseLocation } from '../../core/grant/location';
import { parsePrincipal } from '../../core/grant/principal';
import { bucketState, type Head, intendedChange } from '../../core/ledger/bucket-state';
import { type HistoryRecord, historyRecord } from '../../core/ledger/history-record';
import { SCHEMA, schema } from '../../core/ledger/stored';
import { type GrantDocument, grantDocument } from '../../core/ledger/stored-grant';
import { type SubscriptionRecord, subscriptionRecord } from '../../core/ledger/subscription-record';
import { type FailedUnit, type UnitFailure, unitFailure } from '../../core/ledger/unit-failure';
import type { ItemKey } from '../../errors';
import { lazily } from '../../lazily';
import type { StoredGrant } from '../../ports';
import { type Item, keyOf, mustAgree, readStored, readText, unreadable } from './stored';

/** Due kind of a bucket whose last change is to be confirmed. */
export const CONFIRM = 'confirm';
/** Due kind of a unit that failed unexpectedly. */
export const FAILURE = 'failure';

const itemSchema = lazily(() => schema);
const anything = lazily(() => z.unknown());

/** @throws UnreadableItem when the item is of another version */
const mustBeOurs = (item: Item): ItemKey => {
  const key = keyOf(item);
  readStored(itemSchema, { value: item['schema'], key });
  return key;
};

export const recordKey = (id: string): ItemKey => ({ partition: LEDGER_KEYS.subscription(id), sort: LEDGER_KEYS.subscriptionState });
export const stateKey = (bucket: string): ItemKey => ({ partition: LEDGER_KEYS.bucket(bucket), sort: LEDGER_KEYS.head });
export const grantItemKey = (grant: Grant): ItemKey => ({
  partition: LEDGER_KEYS.bucket(grant.location.bucket),
  sort: `${LEDGER_KEYS.grant}${grantKey(grant)}`,
});
export const settledGrantKey = (grant: Grant): ItemKey => ({
  partition: LEDGER_KEYS.subscription(grant.subscriptionId),
  sort: `${LEDGER_KEYS.grant}${locationKey(grant.location)}`,
});
export const failureKey = (unit: FailedUnit): ItemKey => ({
  partition: LEDGER_KEYS.failures,
  sort: LEDGER_KEYS.failure(unit.kind, unit.kind === 'subscription' ? unit.id : unit.name),
});

/** Stores the record as one text, and beside it what a person filters by. */
export const recordToItem = (record: SubscriptionRecord): Item & { readonly revision: number } => ({
  schema: SCHEMA,
  revision: record.revision,
  outcome: record.outcome.kind,
  code: 'code' in record.outcome ? record.outcome.code : undefined,
  at: record.at,
  record: JSON.stringify(record),
  [LEDGER.waitingKind]: record.waitingSince === undefined ? undefined : LEDGER.waitingKind,
  [LEDGER.waitingSince]: record.waitingSince,
  [LEDGER.dueKind]: record.due?.kind,
  [LEDGER.dueAt]: record.due?.at,
});

/** @throws UnreadableItem also when the item states another id or revision than its record does */
export const recordFromItem = (item: Item): SubscriptionRecord => {
  const key = mustBeOurs(item);
  const record = readText(subscriptionRecord, { text: item['record'], key });
  mustAgree(key, [record.revision, item['revision']], [LEDGER_KEYS.subscription(record.id), key.partition]);
  return record;
};

/** Stores the grant as one text, in which targets are written once and principals refer to them by number. */
export const grantToItem = ({ grant, revision }: StoredGrant): Item & { readonly revision: number } => {
  const targets = [...new Set(grant.principals.flatMap((entry) => entry.targets))];
  const numbers = new Map(targets.map((target, index) => [target, String(index)]));
  const document: GrantDocument = {
    ...grant,
    location: locationArn(grant.location),
    principals: grant.principals.map((entry) => ({ ...entry, targets: entry.targets.map((target) => numbers.get(target) ?? '') })),
  };
  return { schema: SCHEMA, revision, grant: JSON.stringify(document), targets };
};

const PARTITION = /^aws[a-z-]*$/;

/**
 * Reads a grant. Policies are compiled from these items, so every location and principal is validated again.
 * @throws UnreadableItem also when the item lies where another grant belongs
 */
export const grantFromItem = (item: Item, keyOfGrant: (grant: Grant) => ItemKey = grantItemKey): StoredGrant => {
  const key = mustBeOurs(item);
  const document = readText(grantDocument, { text: item['grant'], key });
  const { revision, targets } = item;
  if (typeof revision !== 'number' || !Number.isSafeInteger(revision) || revision < 0 || !Array.isArray(targets)) throw unreadable(key);
  const location = parseLocation(document.location, document.location.split(':')[1] ?? '');
  if ('kind' in location || !PARTITION.test(location.partition)) throw unreadable(key);
  const principals = document.principals.map((entry) => {
    const accounts = [entry.arn.split(':')[4] ?? ''];
    if (entry.state !== 'refused' && 'code' in parsePrincipal(entry.arn, { partition: location.partition, accounts }))
      throw unreadable(key);
    return { ...entry, targets: entry.targets.map((number) => targetAt(targets, { number, key })) };
  });
  if (new Set(principals.map(({ arn }) => arn)).size < principals.length) throw unreadable(key);
  const grant: Grant = { ...document, location, principals };
  const expected = keyOfGrant(grant);
  mustAgree(key, [expected.partition, key.partition], [expected.sort, key.sort]);
  return { grant, revision };
};

const targetAt = (targets: readonly unknown[], { number, key }: { number: string; key: ItemKey }): string => {
  const target = targets[Number(number)];
  if (typeof target !== 'string') throw unreadable(key);
  return target;
};

/** @throws UnreadableItem also when an announcement lacks the policy before it */
export const stateFromItem = (item: Item): Head => {
  const key = mustBeOurs(item);
  const { intended, previousPolicy, written, writtenAt, version, attempt, bytes, overwrites, goneSince, frozen, contended } = item;
  if (intended !== undefined && previousPolicy === undefined) throw unreadable(key);
  const parsed = (text: unknown) => readText(anything, { text, key });
  const value = {
    ...{ version, attempt, overwrites, goneSince, frozen, contended },
    bytes: bytes === undefined ? 0 : bytes,
    written: written === undefined ? [] : parsed(written),
    ...(writtenAt === undefined ? {} : { writtenAt }),
    ...(intended === undefined
      ? {}
      : {
          intended: readStored(intendedChange, { value: { ...asObject(parsed(intended)), previousPolicy: parsed(previousPolicy) }, key }),
        }),
  };
  return withoutUndefined(readStored(bucketState, { value, key }));
};

const withoutUndefined = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

/** Returns the marks of a bucket that an operator, or the function, sets; `undefined`: not set. */
export const marksOf = ({ overwrites, goneSince, frozen, contended }: Head) => ({ overwrites, goneSince, frozen, contended });

/** Returns an announced change as the texts that an item stores; see `stateFromItem`. */
export const announcedTexts = ({ previousPolicy, ...intended }: NonNullable<Head['intended']>) => ({
  intended: JSON.stringify(intended),
  previousPolicy: JSON.stringify(previousPolicy),
});

export const historyToItem = (record: HistoryRecord): Item => ({ schema: SCHEMA, at: record.at, record: JSON.stringify(record) });

/** @throws UnreadableItem also when the item lies where another bucket's or version's record belongs */
export const historyFromItem = (item: Item): HistoryRecord => {
  const key = mustBeOurs(item);
  const record = readText(historyRecord, { text: item['record'], key });
  mustAgree(key, [LEDGER_KEYS.bucket(record.bucket), key.partition], [LEDGER_KEYS.history(record.version), key.sort]);
  return record;
};

export const failureToItem = (failure: UnitFailure): Item => ({
  schema: SCHEMA,
  outcome: failure.outcome,
  failure: JSON.stringify(failure),
  [LEDGER.dueKind]: FAILURE,
  [LEDGER.dueAt]: failure.dueAt,
});

/** @throws UnreadableItem also when the item lies where another unit's failure belongs */
export const failureFromItem = (item: Item): UnitFailure => {
  const key = mustBeOurs(item);
  const failure = readText(unitFailure, { text: item['failure'], key });
  mustAgree(key, [failureKey(failure.unit).sort, key.sort], [LEDGER_KEYS.failures, key.partition]);
  return failure;
};

/** Returns the bucket whose last change is to be confirmed. @throws UnreadableItem when the item is not a bucket's state */
export const changedBucket = (item: Item): string => {
  const key = keyOf(item);
  const bucket = key.partition.slice(LEDGER_KEYS.bucket('').length);
  mustAgree(key, [LEDGER_KEYS.bucket(bucket), key.partition], [LEDGER_KEYS.head, key.sort]);
  return bucket;
};
