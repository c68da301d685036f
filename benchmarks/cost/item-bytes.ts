import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type StoredItem = Readonly<Record<string, AttributeValue>>;

/** Each list, map and element of one takes this beside what it holds. */
const DOCUMENT = 3;
const ELEMENT = 1;

/** Zeros before and after the digits that count are not stored. */
const bytesOfNumber = (text: string): number => {
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
};

const bytesOfValue = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return bytesOfNumber(value.N);
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.SS !== undefined) return value.SS.reduce((sum, one) => sum + Buffer.byteLength(one), 0);
  if (value.L !== undefined) return DOCUMENT + value.L.reduce((sum, one) => sum + ELEMENT + bytesOfValue(one), 0);
  if (value.M !== undefined) return DOCUMENT + Object.keys(value.M).length * ELEMENT + bytesOfItem(value.M);
  throw new Error(`no bytes are known of the attribute ${JSON.stringify(value)}`);
};

/**
 * The size of an item as DynamoDB counts it.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const bytesOfItem = (item: StoredItem): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOfValue(value), 0);
