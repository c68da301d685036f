import { type Location, listPattern, readResources } from '../grant/location';
import { bucketArn, type ListKind, listStatement, readStatement } from './policy-compiler';
import { jsonBytes } from './policy-document';
import { groupKey, type SidNamespace } from './sid-namespace';

/** Elements and bytes that a block holds of principals, read patterns and list patterns. */
export type Content = {
  readonly principals: number;
  readonly principalBytes: number;
  readonly reads: number;
  readonly readBytes: number;
  readonly lists: number;
  readonly listBytes: number;
};

export const NOTHING: Content = { principals: 0, principalBytes: 0, reads: 0, readBytes: 0, lists: 0, listBytes: 0 };

/** Content with other content `times` added; -1 takes it out. */
export const plus = (one: Content, other: Content, times: 1 | -1): Content => ({
  principals: one.principals + times * other.principals,
  principalBytes: one.principalBytes + times * other.principalBytes,
  reads: one.reads + times * other.reads,
  readBytes: one.readBytes + times * other.readBytes,
  lists: one.lists + times * other.lists,
  listBytes: one.listBytes + times * other.listBytes,
});

export const principalContent = (principal: string): Content => ({ ...NOTHING, principals: 1, principalBytes: jsonBytes(principal) });

export const locationContent = (location: Location): Content => {
  const resources = readResources(location);
  return {
    ...NOTHING,
    reads: resources.length,
    readBytes: resources.reduce((sum, resource) => sum + jsonBytes(resource), 0),
    // A whole bucket is listed without a condition.
    ...(location.shape === 'bucket' ? {} : { lists: 1, listBytes: jsonBytes(listPattern(location)) }),
  };
};

/** A JSON list in place of `[]`: its elements and commas; a single element stands without brackets. */
const listBytes = (count: number, bytes: number): number => (count === 0 ? 0 : count === 1 ? bytes - 2 : bytes + count - 1);

/** Bytes that a block's two statements take in a policy, each with the comma after it; `empty` are those of a block that holds nothing. */
export const blockBytes = (content: Content, empty: number): number =>
  empty +
  2 * listBytes(content.principals, content.principalBytes) +
  listBytes(content.reads, content.readBytes) +
  listBytes(content.lists, content.listBytes);

/** Two statements of a block in this location's bucket that holds nothing, with the comma after each. */
export const emptyBlockBytes = (location: Location, namespace: SidNamespace): number => {
  const nothing = { principals: [], locations: [] };
  const kind: ListKind = location.shape === 'bucket' ? 'A' : 'L';
  const group = groupKey([], 0);
  const list = listStatement(nothing, { kind, sid: namespace.sid(kind, group), bucket: bucketArn(location) });
  return jsonBytes(readStatement(nothing, namespace.sid('R', group))) + jsonBytes(list) + 2;
};
