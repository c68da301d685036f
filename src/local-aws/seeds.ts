import type { NamedPolicy } from '../iam/evaluate';
import { assetListing } from './datazone/listings';
import type { Environment, Project } from './datazone/model';
import { newId } from './datazone/operation';
import { deleteIdentity, type Identity, putIdentity } from './identities';
import { objectOf } from './s3/objects';
import { checkedPolicy } from './s3/policy-validation';
import type { State } from './state';

type Named = { readonly account: string; readonly name: string; readonly policies?: readonly NamedPolicy[] };

/** What is there before the story begins: accounts, roles, users, buckets, and a domain with its projects and environments. */
export class Seeds {
  constructor(private readonly state: State) {}

  /** An account that exists, so that bucket policies may name it. Accounts of roles, users and buckets exist by themselves. */
  account(id: string): void {
    this.state.identities.accounts.add(id);
  }

  /** `name` may begin with a path: `team/reader`. Without `trust` nobody assumes the role. Seeding it again updates it in place. */
  role({ account, name, policies = [], trust }: Named & { readonly trust?: unknown }): Identity {
    return putIdentity(this.state.identities, { arn: `arn:aws:iam::${account}:role/${name}`, policies, trust });
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
  }): void {
    const { name, account, region, policy, objects = {} } = bucket;
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
      policy: policy === undefined ? undefined : checkedPolicy(JSON.stringify(policy), name, identities),
      previousPolicy: undefined,
    });
  }

  domain(domain: {
    readonly id: string;
    readonly account: string;
    readonly region: string;
    readonly name?: string;
    readonly version?: 'V1' | 'V2';
  }): void {
    const { id, account, region, name = 'domain', version = 'V1' } = domain;
    this.state.identities.accounts.add(account);
    this.state.datazone.domain = { id, account, region, name, version, createdAt: this.state.clock().toISOString() };
  }

  /** `members` are ARNs of roles and users; they count in a V2 domain only. */
  project({ id, name, members = [] }: { readonly id?: string; readonly name: string; readonly members?: readonly string[] }): Project {
    const { datazone } = this.state;
    const project = { id: id ?? newId(datazone), name, members };
    datazone.projects.set(project.id, project);
    return structuredClone(project);
  }

  environment(given: {
    readonly projectId: string;
    readonly account: string;
    readonly region: string;
    readonly id?: string;
    readonly name?: string;
    readonly provider?: string;
    readonly status?: Environment['status'];
  }): Environment {
    const { datazone, identities, clock } = this.state;
    const { projectId, account, region, id, name = 'environment', provider = 'Amazon DataZone', status = 'ACTIVE' } = given;
    if (!datazone.projects.has(projectId)) throw new Error(`project '${projectId}' does not exist; seed it before its environment`);
    identities.accounts.add(account);
    const environment: Environment = {
      id: id ?? newId(datazone),
      projectId,
      name,
      provider,
      status,
      awsAccountId: account,
      awsAccountRegion: region,
      createdAt: clock().toISOString(),
    };
    datazone.environments.set(environment.id, environment);
    return structuredClone(environment);
  }

  /** Publishes a data product of assets, at their latest revisions; the API for that is not built. @returns its listing's id. */
  dataProduct({
    projectId,
    name,
    assetIds,
  }: {
    readonly projectId: string;
    readonly name: string;
    readonly assetIds: readonly string[];
  }): string {
    const { datazone, clock } = this.state;
    const createdAt = clock().toISOString();
    const assets = assetIds.map((assetId) => {
      const { item } = assetListing(datazone, assetId, datazone.assets.get(assetId)?.revisions.length ?? 0, createdAt);
      if (item.kind !== 'asset') throw new Error(`'${assetId}' is no asset`);
      return { id: assetId, revision: item.assetRevision, type: item.assetType };
    });
    const listingId = newId(datazone);
    const item = { kind: 'product', productId: newId(datazone), assets } as const;
    datazone.listings.set(listingId, {
      id: listingId,
      owningProjectId: projectId,
      status: 'ACTIVE',
      revisions: [{ name, description: '', createdAt, item }],
    });
    return listingId;
  }
}
