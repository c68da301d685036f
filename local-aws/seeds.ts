import type { NamedPolicy } from '../src/iam/evaluate';
import { DataZoneSeeds } from './datazone/seeds';
import { deleteIdentity, type Identity, putIdentity } from './identities';
import { objectOf } from './s3/objects';
import { checkedPolicy } from './s3/policy-validation';
import { ALL_BLOCKED, type PublicAccessBlock } from './s3/public-access';

type Named = { readonly account: string; readonly name: string; readonly policies?: readonly NamedPolicy[] };

/** What is there before the story begins: accounts, roles, users, buckets, and a domain with its projects and environments. */
export class Seeds extends DataZoneSeeds {
  /** An account that exists, so that bucket policies may name it. Accounts of roles, users and buckets exist by themselves. */
  account(id: string): void {
    this.state.identities.accounts.add(id);
  }

  /** A policy that the platform team's roles must have for their boundary; stacks name it by its ARN. */
  boundary(arn: string, document: unknown): void {
    this.state.identities.boundaries.set(arn, { name: arn, document });
  }

  /** Accounts of one organization, `o-…`: requests and resources then say so (`aws:PrincipalOrgID`, `aws:ResourceOrgID`). */
  organization(id: string, accounts: readonly string[]): void {
    for (const account of accounts) this.state.identities.organizations.set(account, id);
  }

  /**
   * `name` may begin with a path: `team/reader`. Without `trust` nobody assumes the role. Seeding it again updates it in place.
   * `knownAfter`: seconds for which policies that name the new role are still refused.
   */
  role({
    account,
    name,
    policies = [],
    trust,
    knownAfter = 0,
  }: Named & { readonly trust?: unknown; readonly knownAfter?: number }): Identity {
    const { identities, clock } = this.state;
    const knownFrom = clock().getTime() + knownAfter * 1000;
    return putIdentity(identities, { arn: `arn:aws:iam::${account}:role/${name}`, policies, trust, knownFrom });
  }

  user({ account, name, policies = [] }: Named): Identity {
    return putIdentity(this.state.identities, { arn: `arn:aws:iam::${account}:user/${name}`, policies });
  }

  /** Deletes a role or user; seeded again it has another unique id. */
  remove(arn: string): void {
    deleteIdentity(this.state.identities, arn);
  }

  /** `policy` is checked as PutBucketPolicy checks it; `objects` by key. */
  bucket(bucket: {
    readonly name: string;
    readonly account: string;
    readonly region: string;
    readonly policy?: unknown;
    readonly objects?: Readonly<Record<string, string>>;
    /** @default all on */
    readonly publicAccessBlock?: Partial<PublicAccessBlock>;
    /** Default encryption by KMS: the key's ARN, or `aws/s3`. */
    readonly kmsKey?: string;
  }): void {
    const { name, account, region, policy, objects = {}, publicAccessBlock = {}, kmsKey } = bucket;
    const { buckets, identities, clock } = this.state;
    identities.accounts.add(account);
    const modified = clock();
    buckets.set(name, {
      name,
      account,
      region,
      objects: new Map(
        Object.entries(objects).map(([key, text]) => [key, objectOf(Buffer.from(text), { contentType: 'text/plain', modified })]),
      ),
      policy: policy === undefined ? undefined : checkedPolicy(JSON.stringify(policy), name, this.state),
      previousPolicy: undefined,
      writes: 0,
      publicAccessBlock: { ...ALL_BLOCKED, ...publicAccessBlock },
      ...(kmsKey === undefined ? {} : { kmsKey }),
    });
  }
}
