import { CreateAssetCommand, CreateAssetRevisionCommand, CreateListingChangeSetCommand } from '@aws-sdk/client-datazone';
import { ASSET_FORM, ASSET_FORM_TYPE, ASSET_TYPE, ASSET_TYPE_NAMESPACE } from '../../../handler/contract/datazone';
import { contains, locationArn, locationOf, parseLocation } from '../../../handler/core/grant/location';
import { publishable } from '../../../handler/core/subscription/registry';
import type { Deployment } from '../../deployment/load';
import { asCaller } from '../acting';
import { fileRegistry } from '../catalogue/file-registry';
import { s3AssetsOf } from '../catalogue/s3-assets';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { argument, option, projectId, text } from '../framework/fields';
import { output } from '../framework/output';

const PREFIX = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;
const title = text(/^[^\p{Cc}]{1,256}$/u, 'a name of 1 to 256 characters');

export const publish = command({
  name: 'publish',
  group: 'Producers and consumers',
  summary: 'Publishes a registered prefix as an S3 object collection that others can subscribe to',
  details: [
    'The asset is made, or a new revision of the one that the project has at that place, and listed in the catalogue. What the function would refuse is refused here: places that are not registered, or belong to another project.',
    'DataZone finds assets by an index that is seconds behind; name the asset with `--asset` to revise one that was made just now.',
  ],
  needs: 'caller',
  arguments: { prefix: argument('<prefix>', 'what to publish, with the slash: s3://bucket/prefix/', text(PREFIX, 's3://bucket/prefix/')) },
  options: {
    project: option('--project <id>', 'the owning project (default: the only one that may publish the prefix)', projectId.optional()),
    name: option('--name <name>', "the asset's name in the catalogue (default: the place)", title.optional()),
    description: option('--description <text>', 'what it is', text(/^[^\0]{1,2048}$/su, '1 to 2,048 characters').optional()),
    asset: option('--asset <id>', 'the asset to revise', projectId.optional()),
  },
  examples: [
    { line: 'publish s3://acme-raw/runs/ --name "Sequencer runs"', about: 'Makes and lists the asset.' },
    {
      line: 'publish s3://acme-raw/runs/ --name "Sequencer runs" --description "All runs since 2024"',
      about: 'Run again, it revises and lists the same asset.',
    },
  ],
  run: async (context, { prefix, project: named, name, description, asset }) => {
    const { deployment, terminal } = context;
    const { arn, project } = placeOf(deployment, { prefix, named });
    const client = asCaller(context).datazone();
    const domainIdentifier = deployment.domain.id;
    const known = asset ?? (await s3AssetsOf(client, { domainIdentifier, project })).find(({ bucketArn }) => bucketArn === arn)?.id;
    const content = {
      name: name ?? prefix,
      ...(description === undefined ? {} : { description }),
      formsInput: [{ formName: ASSET_FORM, typeIdentifier: ASSET_FORM_TYPE, content: JSON.stringify({ bucketArn: arn }) }],
    };
    const made =
      known === undefined
        ? await client.send(
            // Without a revision of the type: DataZone takes the latest, and refuses a stale one.
            new CreateAssetCommand({
              domainIdentifier,
              owningProjectIdentifier: project,
              typeIdentifier: `${ASSET_TYPE_NAMESPACE}${ASSET_TYPE}`,
              ...content,
            }),
          )
        : await client.send(new CreateAssetRevisionCommand({ domainIdentifier, identifier: known, ...content }));
    const listed = await client.send(
      new CreateListingChangeSetCommand({
        ...{ domainIdentifier, entityIdentifier: made.id, entityType: 'ASSET', action: 'PUBLISH' },
        ...(made.revision === undefined ? {} : { entityRevision: made.revision }),
      }),
    );
    const answer = {
      asset: made.id,
      revision: made.revision,
      listing: listed.listingId,
      listingRevision: listed.listingRevision,
      project,
      bucketArn: arn,
    };
    terminal.answer(
      answer,
      () =>
        output`${known === undefined ? 'Made' : 'Revised'} asset ${made.id ?? '?'} of project ${project} at ${arn}, published as listing ${listed.listingId ?? '?'}.`,
    );
    return undefined;
  },
});

/** What is published and by whom; both as the function would have it. */
const placeOf = (
  deployment: Deployment,
  { prefix, named }: { prefix: string; named: string | undefined },
): { readonly arn: string; readonly project: string } => {
  const [, bucket = '', path = ''] = PREFIX.exec(prefix) ?? [];
  const registry = fileRegistry(deployment);
  const { partition } = deployment.domain;
  const location = parseLocation(`arn:${partition}:s3:::${bucket}${path === '' ? '' : `/${path}`}`, partition);
  if ('kind' in location) throw new CommandFailure('usage', location.message, 'see: datazone-s3 publish --help');
  const project = named ?? onlyProject(registry.buckets.get(bucket)?.prefixes ?? [], { location, prefix });
  const granted = publishable(location, { owningProject: project, registry });
  if ('kind' in granted)
    throw new CommandFailure('refused', granted.message, 'what is registered for whom stands under bucketAccounts in the deployment');
  return { arn: locationArn(granted), project };
};

type Prefixes = readonly { readonly prefix: string; readonly owningProjects: readonly string[] }[];

const onlyProject = (prefixes: Prefixes, { location, prefix }: { location: ReturnType<typeof locationOf>; prefix: string }): string => {
  const [deepest] = prefixes
    .filter((registered) => contains(locationOf({ ...location, path: registered.prefix }), location))
    .toSorted((one, other) => other.prefix.length - one.prefix.length);
  const [only, ...others] = deepest?.owningProjects ?? [];
  if (only === undefined || only === '*' || others.length > 0)
    throw new CommandFailure(
      'usage',
      `${prefix} is registered for ${deepest === undefined ? 'no project' : deepest.owningProjects.join(', ')}`,
      'name the owning project with --project',
    );
  return only;
};
