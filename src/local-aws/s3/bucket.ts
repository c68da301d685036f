import type { Fields } from '../call';

export type StoredObject = { readonly body: Buffer; readonly contentType: string; readonly etag: string; readonly modified: Date };

/** `policy` and `previousPolicy` hold unique ids in place of ARNs; the previous one is what a stale read returns. */
export type Bucket = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly objects: Map<string, StoredObject>;
  policy: Fields | undefined;
  previousPolicy: Fields | undefined;
};
