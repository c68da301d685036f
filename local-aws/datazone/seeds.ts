import type { State } from '../state';
import { assetListing } from './listings';
import type { Environment, ProfileStatus, Project } from './model';
import { nativeTarget } from './native-fulfilment';
import { newId } from './operation';

/** A domain, and what people do in it that is no call of this product's. */
export class DataZoneSeeds {
  constructor(protected readonly state: State) {}

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
    for (const member of members) if (!datazone.profiles.has(member)) datazone.profiles.set(member, 'ACTIVATED');
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
    if (datazone.domain?.version === 'V2') this.giveNativeTarget(environment);
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

  /** A V1 domain becomes a V2 domain, with everything in it; from now on profiles and memberships count. */
  upgradeDomain(): void {
    const { datazone } = this.state;
    if (datazone.domain === undefined) throw new Error('there is no domain; seed it before upgrading it');
    datazone.domain = { ...datazone.domain, version: 'V2' };
    for (const environment of datazone.environments.values()) this.giveNativeTarget(environment);
  }

  /** The user profile of a role or user; members of a project have an activated one unless it is set here. */
  profile(arn: string, status: ProfileStatus): void {
    this.state.datazone.profiles.set(arn, status);
  }

  /** Adds to a project's members, or takes from them. */
  members(projectId: string, change: (members: readonly string[]) => readonly string[]): void {
    const { datazone } = this.state;
    const project = datazone.projects.get(projectId);
    if (project === undefined) throw new Error(`project '${projectId}' does not exist`);
    this.project({ ...project, members: change(project.members) });
  }

  /** An environment goes, and its targets with it; DataZone keeps the grants that it had. */
  deleteEnvironment(id: string): void {
    const { datazone } = this.state;
    if (!datazone.environments.delete(id)) throw new Error(`environment '${id}' does not exist`);
    for (const target of datazone.targets.values()) if (target.environmentId === id) datazone.targets.delete(target.id);
  }

  /** A project goes, and its environments with it. */
  deleteProject(id: string): void {
    const { datazone } = this.state;
    if (!datazone.projects.delete(id)) throw new Error(`project '${id}' does not exist`);
    for (const environment of datazone.environments.values()) if (environment.projectId === id) this.deleteEnvironment(environment.id);
  }

  /** An asset goes and is not published any more; its subscriptions stay as they are. */
  deleteAsset(id: string): void {
    const { datazone } = this.state;
    const asset = datazone.assets.get(id);
    if (asset === undefined) throw new Error(`asset '${id}' does not exist`);
    datazone.assets.delete(id);
    const listing = datazone.listings.get(asset.listingId ?? '');
    if (listing !== undefined) listing.status = 'INACTIVE';
  }

  private giveNativeTarget(environment: Environment): void {
    const target = nativeTarget(environment);
    this.state.datazone.targets.set(target.id, target);
  }
}
