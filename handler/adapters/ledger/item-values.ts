import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { LEDGER } from '../../contract/ledger-keys';
import type { Item } from './stored';

/** Bytes that DynamoDB takes of an item: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-items */
export const LONGEST_ITEM = 400 * 1024;

const textBytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Overhead of a list or map, and of each of its elements. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
const COLLECTION = 3;
const ELEMENT = 1;

const valueBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return textBytes(value.S);
  // Numbers take at most 21 bytes.
  if (value.N !== undefined) return Math.min(value.N.length, 21);
  if (value.L !== undefined) return value.L.reduce((sum, member) => sum + valueBytes(member) + ELEMENT, COLLECTION);
  if (value.M !== undefined) return itemBytes(value.M) + COLLECTION + ELEMENT * Object.keys(value.M).length;
  return 1;
};

/** Returns the bytes that DynamoDB counts for an item: the names and the values of its attributes, in UTF-8. */
export const itemBytes = (item: Readonly<Record<string, AttributeValue>>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + textBytes(name) + valueBytes(value), 0);

/** A member that no schema accepts: it marks an item with a value that JavaScript cannot hold. */
export const UNHELD = 'value-that-cannot-be-read';

/** Returns an item's values. An item with a number that JavaScript cannot hold keeps its keys only, and no schema accepts it. */
export const valuesOf = (item: Record<string, AttributeValue>): Item => {
  try {
    return unmarshall(item);
  } catch {
    const keys = [LEDGER.partitionKey, LEDGER.sortKey, LEDGER.dueKind, LEDGER.dueAt];
    return { ...Object.fromEntries(keys.flatMap((name) => (item[name]?.S === undefined ? [] : [[name, item[name].S]]))), [UNHELD]: true };
  }
};
