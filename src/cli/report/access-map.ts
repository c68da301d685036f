import { isLiveGrant, projectLabel, type ReportGrant, s3Url } from './report-data';

/** A project, a principal (or an account's principals), or a place (or a bucket's places). */
export interface MapNode {
  readonly id: string;
  readonly label: string;
  /** What tells it from another of the same label. */
  readonly detail: string;
  /** What finds its grants in the table. */
  readonly search: string;
  readonly grants: number;
}

export interface MapLink {
  readonly from: string;
  readonly to: string;
  readonly grants: number;
}

/** Who reads what, in three columns: projects, principals, places. */
export interface AccessMap {
  readonly columns: readonly [projects: readonly MapNode[], principals: readonly MapNode[], places: readonly MapNode[]];
  readonly links: readonly MapLink[];
  /** Principals are drawn by account, and places by bucket, where there are too many to be read. */
  readonly byAccount: boolean;
  readonly byBucket: boolean;
  /** Nodes that were left out: those with the fewest grants. */
  readonly hidden: number;
}

type Key = Omit<MapNode, 'grants'>;

const projectOf = (grant: ReportGrant): Key => {
  const id = grant.consumerProject ?? '';
  return id === ''
    ? { id: 'project:', label: 'no project', detail: 'an IAM principal that subscribed itself', search: '' }
    : { id: `project:${id}`, label: projectLabel(id, grant.consumerProjectName), detail: id, search: id };
};

const principalOf = (grant: ReportGrant, byAccount: boolean): Key => {
  const arn = grant.principal ?? '';
  const account = arn.split(':')[4] ?? '';
  return byAccount
    ? { id: `account:${account}`, label: account, detail: 'account', search: `:${account}:` }
    : { id: `principal:${arn}`, label: arn.slice(arn.lastIndexOf('/') + 1), detail: account, search: arn };
};

const placeOf = (grant: ReportGrant, byBucket: boolean): Key => {
  const bucket = grant.bucket ?? '';
  const url = s3Url(grant.location ?? '');
  if (byBucket) return { id: `bucket:${bucket}`, label: bucket, detail: 'bucket', search: `s3://${bucket}` };
  const path = url.slice(`s3://${bucket}/`.length);
  return { id: `place:${url}`, label: path === '' ? 'whole bucket' : path, detail: bucket, search: url };
};

const nodesOf = (keys: readonly Key[]): readonly MapNode[] => {
  const nodes = new Map<string, MapNode>();
  for (const key of keys) nodes.set(key.id, { ...key, grants: (nodes.get(key.id)?.grants ?? 0) + 1 });
  return [...nodes.values()];
};

const mostGranted = (nodes: readonly MapNode[], most: number): readonly MapNode[] =>
  nodes.length <= most ? nodes : [...nodes].sort((one, other) => other.grants - one.grants).slice(0, most);

/** Each node at the height of what it is linked to, so that few links cross. */
const besides = (nodes: readonly MapNode[], pairs: readonly (readonly [string, string])[], beside: readonly MapNode[]) => {
  const at = new Map(beside.map(({ id }, index) => [id, index]));
  const sums = new Map<string, { sum: number; count: number }>();
  for (const [id, other] of pairs) {
    const { sum, count } = sums.get(id) ?? { sum: 0, count: 0 };
    sums.set(id, { sum: sum + (at.get(other) ?? beside.length), count: count + 1 });
  }
  const height = ({ id }: MapNode) => (sums.get(id)?.sum ?? 0) / (sums.get(id)?.count ?? 1);
  return [...nodes].sort((one, other) => height(one) - height(other) || (one.label < other.label ? -1 : 1));
};

/** Draws up the map of all live grants, with at most so many nodes in a column. */
export const accessMap = (grants: readonly ReportGrant[], { most }: { readonly most: number }): AccessMap => {
  const live = grants.filter(isLiveGrant);
  const byAccount = new Set(live.map(({ principal }) => principal)).size > most;
  const byBucket = new Set(live.map(({ location }) => location)).size > most;
  const triples = live.map((grant) => [projectOf(grant), principalOf(grant, byAccount), placeOf(grant, byBucket)] as const);
  const all = [0, 1, 2].map((column) => nodesOf(triples.flatMap((triple) => triple[column] ?? [])));
  const [someProjects = [], somePrincipals = [], somePlaces = []] = all.map((nodes) => mostGranted(nodes, most));
  const places = [...somePlaces].sort((one, other) => (one.search < other.search ? -1 : 1));
  const principals = besides(
    somePrincipals,
    triples.map(([, principal, place]) => [principal.id, place.id]),
    places,
  );
  const projects = besides(
    someProjects,
    triples.map(([project, principal]) => [project.id, principal.id]),
    principals,
  );
  const columns = [projects, principals, places] as const;
  const shown = new Set(columns.flat().map(({ id }) => id));
  const links = new Map<string, MapLink>();
  for (const [project, principal, place] of triples)
    for (const [from, to] of [
      [project.id, principal.id],
      [principal.id, place.id],
    ] as const) {
      const key = `${from}\n${to}`;
      if (shown.has(from) && shown.has(to)) links.set(key, { from, to, grants: (links.get(key)?.grants ?? 0) + 1 });
    }
  return { columns, links: [...links.values()], byAccount, byBucket, hidden: all.flat().length - shown.size };
};
