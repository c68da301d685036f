import { CreateSubscriptionTargetCommand, type DataZoneClient, DeleteSubscriptionTargetCommand } from '@aws-sdk/client-datazone';
import * as z from 'zod';
import { ASSET_TYPE } from '../../../handler/contract/datazone';
import { asCaller } from '../acting';
import { checkPrincipals, chosenEnvironment, targetInput } from '../catalogue/target-input';
import { environmentsOf, type Target, targetsOf } from '../catalogue/targets';
import { command } from '../framework/command';
import type { Context } from '../framework/context';
import { CommandFailure } from '../framework/failure';
import { anyText, argument, option, principalArn, projectId, YES } from '../framework/fields';
import { output } from '../framework/output';
import { table } from '../framework/table';
import { confirmed } from '../requests/commanding';

const PROJECT = option('--project <id>', "the consumer's project", projectId);

/** Roles that DataZone takes: it knows no paths there. Source: DataZone API Reference, CreateSubscriptionTarget. */
const MANAGE_ACCESS_ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/(service-role\/)?[\w+=,.@-]+$/;

export const targetCreate = command({
  name: 'target create',
  group: 'Producers and consumers',
  summary: "Names the roles that are to read what a project subscribes to: a subscription target of this deployment's",
  details: [
    'The principals are checked as the function would check them. A target that names the same principals in the same environment is not made twice.',
    'DataZone asks for a role that manages access and never uses it for these targets: the first principal, unless `--manage-access-role` says otherwise.',
  ],
  needs: 'caller',
  options: {
    project: { ...PROJECT, value: projectId.optional() },
    environment: option('--environment <id or name>', 'which environment of the project (default: the only one)', anyText.optional()),
    principal: option('--principal <arns...>', 'roles or users that are to read', z.array(principalArn).default([])),
    name: option('--name <name>', "the target's name (default: s3-readers)", anyText.optional()),
    manageAccessRole: option('--manage-access-role <arn>', 'the role that DataZone asks for', anyText.optional()),
    file: option('--file <file>', 'the same as YAML or JSON: project, environment, name, principals, manageAccessRole', anyText.optional()),
  },
  examples: [
    {
      line: 'target create --project 6oy92hwk937pgn --principal arn:aws:iam::333333333333:role/analyst',
      about: "Lets the analyst read what the project subscribes to, in the project's only environment.",
    },
    { line: 'target create --file target.yaml', about: 'The same from a file.' },
  ],
  run: async (context, { principal, file, ...flags }) => {
    const { deployment, terminal } = context;
    const input = targetInput({ ...flags, principals: principal }, file);
    const { project, principals } = input;
    if (project === undefined) throw new CommandFailure('usage', 'no project was named', 'name it with --project, or in the file');
    const client = asCaller(context).datazone();
    const domainIdentifier = deployment.domain.id;
    const environment = chosenEnvironment(await environmentsOf(client, { domainIdentifier, project }), {
      project,
      wanted: input.environment,
    });
    checkPrincipals(principals, { environment, deployment });
    const provider = deployment.targetProvider;
    const same = (await targetsOf(client, { domainIdentifier, environment: environment.id, provider })).find(
      (target) => target.ours && target.principals.toSorted().join() === principals.toSorted().join(),
    );
    const target = same ?? (await create(client, { domainIdentifier, environment: environment.id, provider, input }));
    terminal.answer({ ...target, created: same === undefined }, () =>
      same === undefined
        ? output`Made subscription target ${target.id} in environment ${environment.name} (${environment.id}) for ${principals.join(', ')}.`
        : output`Subscription target ${same.id} in environment ${environment.name} (${environment.id}) names the same principals already.`,
    );
    return undefined;
  },
});

const create = async (
  client: DataZoneClient,
  {
    domainIdentifier,
    environment,
    provider,
    input,
  }: { domainIdentifier: string; environment: string; provider: string; input: ReturnType<typeof targetInput> },
): Promise<Target> => {
  const manageAccessRole = input.manageAccessRole ?? input.principals.find((arn) => MANAGE_ACCESS_ROLE.test(arn));
  if (manageAccessRole === undefined || !MANAGE_ACCESS_ROLE.test(manageAccessRole))
    throw new CommandFailure(
      'usage',
      'none of the principals is a role without a path, which DataZone asks for to manage access',
      'name one with --manage-access-role; it is never used',
    );
  const name = input.name ?? 's3-readers';
  const { id = '' } = await client.send(
    new CreateSubscriptionTargetCommand({
      ...{ domainIdentifier, environmentIdentifier: environment, name, provider, manageAccessRole },
      type: 'BaseSubscriptionTargetType',
      applicableAssetTypes: [ASSET_TYPE],
      authorizedPrincipals: [...input.principals],
      subscriptionTargetConfig: [],
    }),
  );
  return { id, name, environment, provider, principals: input.principals, ours: true };
};

/** All subscription targets of a project. */
const targetsIn = async (context: Context, project: string): Promise<readonly Target[]> => {
  const { deployment } = context;
  const client = asCaller(context).datazone();
  const domainIdentifier = deployment.domain.id;
  const environments = await environmentsOf(client, { domainIdentifier, project });
  const lists = await Promise.all(
    environments.map(({ id }) => targetsOf(client, { domainIdentifier, environment: id, provider: deployment.targetProvider })),
  );
  return lists.flat();
};

export const targetList = command({
  name: 'target list',
  group: 'Producers and consumers',
  summary: "Lists a project's subscription targets, and which of them this deployment acts on",
  needs: 'caller',
  options: { project: PROJECT },
  examples: [{ line: 'target list --project 6oy92hwk937pgn', about: 'Who reads for this project.' }],
  run: async (context, { project }) => {
    const targets = await targetsIn(context, project);
    context.terminal.answer({ targets }, () =>
      targets.length === 0
        ? output`no subscription targets`
        : table(
            ['TARGET', 'NAME', 'ENVIRONMENT', 'OURS', 'PRINCIPALS'],
            targets.map(({ id, name, environment, ours, provider, principals }) => [
              id,
              name,
              environment,
              ours ? 'yes' : `no (${provider})`,
              principals.join(' '),
            ]),
          ),
    );
    return undefined;
  },
});

export const targetDelete = command({
  name: 'target delete',
  group: 'Producers and consumers',
  summary: 'Deletes a subscription target of ours: its principals lose access, unless another target names them',
  details: [
    'Access is taken away when the target was not found twice, an hour apart; to end it at once, take the principals out with `revoke`.',
  ],
  needs: 'caller',
  arguments: { target: argument('<target>', "the target's id", projectId) },
  options: { project: PROJECT, yes: YES },
  examples: [{ line: 'target delete d9rwy4t5w2g4k7 --project 6oy92hwk937pgn', about: 'Asks, and deletes it.' }],
  run: async (context, { target: id, project, yes }) => {
    const target = (await targetsIn(context, project)).find((one) => one.id === id);
    if (target === undefined)
      throw new CommandFailure(
        'missing',
        `project '${project}' has no subscription target '${id}'`,
        `see: datazone-s3 target list --project ${project}`,
      );
    if (!target.ours)
      throw new CommandFailure(
        'refused',
        `subscription target '${id}' is not of this deployment (provider '${target.provider}')`,
        'delete it where it was made',
      );
    await confirmed(context, { yes, question: `Delete target '${target.name}' of ${target.principals.join(', ')}?` });
    await asCaller(context)
      .datazone()
      .send(
        new DeleteSubscriptionTargetCommand({
          domainIdentifier: context.deployment.domain.id,
          environmentIdentifier: target.environment,
          identifier: id,
        }),
      );
    context.terminal.answer({ ...target, deleted: true }, () => output`Deleted subscription target ${id}.`);
    return undefined;
  },
});
