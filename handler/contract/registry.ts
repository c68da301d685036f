/** The session tag that the editor role's permissions compare with a bucket's owning projects. */
export const OWNING_PROJECT_TAG = 'OwningProject';
/** Its value for a session that only removes, restores or reads. */
export const NO_PROJECT = '-';
/** In a prefix's `owningProjects`: any project may publish it. */
export const ANY_PROJECT = '*';

/** The registry is one item: the key, and the attribute that holds a `RegistryDocument` as JSON text. */
export const REGISTRY = { keyName: 'id', key: 'registry', document: 'document' } as const;

/** What Terraform writes into the registry. Quota: a DynamoDB item holds 400 KB. */
export type RegistryDocument = {
  readonly format: 1;
  readonly buckets: readonly RegisteredBucketEntry[];
  /** Accounts, beside a consumer environment's own, whose roles and users may be granted access. */
  readonly principalAccounts: readonly string[];
};

export type RegisteredBucketEntry = {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** `retiring`: no new grants; live ones are revoked. */
  readonly state: 'active' | 'retiring';
  readonly prefixes: readonly { readonly prefix: string; readonly owningProjects: readonly string[] }[];
};
