import { GetDomainCommand, paginateListProjects } from '@aws-sdk/client-datazone';
import { parseLocation } from '../../../handler/core/grant/location';
import { s3AssetsOf } from '../catalogue/s3-assets';
import { environmentsOf, targetsOf } from '../catalogue/targets';
import type { Clients } from '../clients';
import { explain } from '../framework/explain';
import { accountIn, type BucketPlace, bucketPlace } from './bucket-place';

/** What was found in a domain that a deployment would have to know. */
export interface Survey {
  readonly domain: {
    readonly id: string;
    readonly name: string;
    readonly account: string;
    readonly region: string;
    readonly version: 'v1' | 'v2';
  };
  readonly buckets: readonly SurveyedBucket[];
  /** Projects that have subscription targets for S3 assets already, by provider. */
  readonly targets: readonly { readonly project: string; readonly provider: string; readonly principals: readonly string[] }[];
  /** Projects that could not be looked into, and why. */
  readonly unread: readonly { readonly project: string; readonly why: string }[];
}

export interface SurveyedBucket extends BucketPlace {
  readonly name: string;
  readonly prefixes: readonly { readonly prefix: string; readonly owningProjects: readonly string[] }[];
}

/** A prefix as the deployment file wants it: with its slash; a published name is the folder of that name. */
const prefixOf = (path: string): string => (path === '' || path.endsWith('/') ? path : `${path}/`);

/** Looks through a domain: its S3 assets, who owns them, where their buckets are, and which targets there are. */
export const surveyDomain = async (
  clients: Clients,
  { domainIdentifier, provider, progress }: { domainIdentifier: string; provider: string; progress: (text: string) => void },
): Promise<Survey> => {
  const client = clients.datazone();
  const { arn, name = '', domainVersion } = await client.send(new GetDomainCommand({ identifier: domainIdentifier }));
  const account = accountIn(arn);
  const region = arn?.split(':')[3] ?? '';
  const places = new Map<string, Map<string, Set<string>>>();
  const [targets, unread, accounts] = [[] as Survey['targets'][number][], [] as Survey['unread'][number][], new Set([account])];

  for await (const { items: projects = [] } of paginateListProjects({ client }, { domainIdentifier }))
    for (const { id: project = '', name: title = '' } of projects) {
      progress(`looking into project ${title} (${project})`);
      try {
        for (const { bucketArn } of await s3AssetsOf(client, { domainIdentifier, project })) {
          const location = bucketArn === undefined ? undefined : parseLocation(bucketArn, bucketArn.split(':')[1] ?? '');
          if (location === undefined || 'kind' in location) continue;
          const prefixes = places.get(location.bucket) ?? new Map<string, Set<string>>();
          const prefix = prefixOf(location.path);
          places.set(location.bucket, prefixes.set(prefix, (prefixes.get(prefix) ?? new Set()).add(project)));
        }
        for (const environment of await environmentsOf(client, { domainIdentifier, project })) {
          if (environment.account !== undefined) accounts.add(environment.account);
          const found = await targetsOf(client, { domainIdentifier, environment: environment.id, provider });
          targets.push(
            ...found.filter(({ ours }) => ours).map((target) => ({ project, provider: target.provider, principals: target.principals })),
          );
        }
      } catch (error) {
        const failure = explain(error);
        if (failure.exitClass !== 'denied') throw error;
        unread.push({ project, why: failure.message });
      }
    }

  const buckets: SurveyedBucket[] = [];
  for (const [bucket, prefixes] of [...places].sort(([one], [other]) => (one < other ? -1 : 1))) {
    progress(`looking for bucket ${bucket}`);
    const sorted = [...prefixes].sort(([one], [other]) => (one < other ? -1 : 1));
    buckets.push({
      name: bucket,
      ...(await bucketPlace(clients, { bucket, accounts: [...accounts] })),
      prefixes: sorted.map(([prefix, owners]) => ({ prefix, owningProjects: [...owners].sort() })),
    });
  }
  return {
    domain: { id: domainIdentifier, name, account, region, version: domainVersion === 'V2' ? 'v2' : 'v1' },
    buckets,
    targets,
    unread,
  };
};
