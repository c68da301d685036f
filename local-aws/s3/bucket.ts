import type { Fields } from '../call';
import type { PublicAccessBlock } from './public-access';

export type StoredObject = { readonly body: Buffer; readonly contentType: string; readonly etag: string; readonly modified: Date };

/** `policy` and `previousPolicy` hold unique ids in place of ARNs; the previous one is what a stale read returns. */
export type Bucket = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly objects: Map<string, StoredObject>;
  /** How many writes of the policy are under way. */
  writes: number;
  publicAccessBlock: PublicAccessBlock;
  /** Default encryption by KMS: the key's ARN, or `aws/s3`; undefined: S3's own. */
  readonly kmsKey?: string;
  policy: Fields | undefined;
  previousPolicy: Fields | undefined;
};
