import { CreateProjectMembershipCommand, CreateUserProfileCommand } from '@aws-sdk/client-datazone';
import * as z from 'zod';
import { arnsOf } from '../../../modules/naming';
import { asCaller } from '../acting';
import { noteUnreadable, type UnreadableEntry, unreadableEntries } from '../answers/unreadable';
import { DESIGNATION, type MembershipPlan, membershipPlan, projectsToRead } from '../catalogue/memberships';
import { command } from '../framework/command';
import type { Context } from '../framework/context';
import { option, projectId, YES } from '../framework/fields';
import { lines, type Output, output } from '../framework/output';
import { counted, table } from '../framework/table';
import { openReading } from '../reading';
import { confirmed } from '../requests/commanding';

const PROJECTS = option(
  '--project <ids...>',
  'projects beside those that the deployment and the ledger name',
  z.array(projectId).default([]),
);
const V1 = output`The domain is of version 1, where IAM is enough: no memberships are needed.`;

/** A plan, with the stored items that could not be read: they may name more projects. */
type PlanReading = MembershipPlan & { readonly unreadable: readonly UnreadableEntry[] };

const planFor = async (context: Context, more: readonly string[]): Promise<PlanReading> => {
  const { deployment } = context;
  const { ledger } = await openReading(context);
  const { records, unreadable } = await ledger.subscriptions();
  noteUnreadable(context.terminal, unreadableEntries(unreadable));
  const projects = new Map([...more.map((project) => [project, 'named by you'] as const), ...projectsToRead(deployment, records)]);
  const role = arnsOf(deployment.naming, deployment.domain).functionRole;
  const plan = await membershipPlan(asCaller(context).datazone(), { domainIdentifier: deployment.domain.id, role, projects });
  return { ...plan, unreadable: unreadableEntries(unreadable) };
};

const missing = ({ projects }: MembershipPlan) => projects.filter(({ member }) => !member);

const shown = (plan: MembershipPlan): Output =>
  lines([
    output`${plan.role} ${plan.profile === undefined ? 'is no user of the domain yet' : output`is a user of the domain (${plan.profile.status})`}`,
    table(
      ['PROJECT', 'MEMBER', 'WHY'],
      plan.projects.map(({ project, member, why }) => [project, member ? 'yes' : 'missing', why]),
    ),
  ]);

export const membershipPlanCommand = command({
  name: 'membership plan',
  group: 'Producers and consumers',
  summary: "Tells in which projects of a V2 domain the function's role is not a member, and so cannot read",
  details: ['V2 is SageMaker Unified Studio, where IAM is not enough. The exit code is 1 where something is missing.'],
  needs: 'caller',
  options: { project: PROJECTS },
  examples: [{ line: 'membership plan', about: 'Which projects lack the role.' }],
  run: async (context, { project }) => {
    const { terminal, deployment } = context;
    if (deployment.domain.version === 'v1') {
      terminal.answer({ needed: false }, () => V1);
      return undefined;
    }
    const plan = await planFor(context, project);
    terminal.answer({ needed: true, ...plan }, () => shown(plan));
    return missing(plan).length === 0 && plan.profile?.status === 'ACTIVATED' ? undefined : 'findings';
  },
});

export const membershipApply = command({
  name: 'membership apply',
  group: 'Producers and consumers',
  summary: "Makes the function's role a user of a V2 domain and a member of the projects that lack it",
  details: [`The role becomes a ${DESIGNATION}, the least that DataZone offers. You need to be an owner of these projects.`],
  needs: 'caller',
  options: { project: PROJECTS, yes: YES },
  examples: [{ line: 'membership apply --yes', about: 'Adds what membership plan lists.' }],
  run: async (context, { project, yes }) => {
    const { terminal, deployment } = context;
    if (deployment.domain.version === 'v1') {
      terminal.answer({ needed: false }, () => V1);
      return undefined;
    }
    const plan = await planFor(context, project);
    const open = missing(plan);
    const domainIdentifier = deployment.domain.id;
    const client = asCaller(context).datazone();
    if (open.length > 0 || plan.profile === undefined) {
      if (!terminal.json) terminal.note(shown(plan));
      await confirmed(context, { yes, question: `Add the role to ${counted(open.length, 'project')}?` });
    }
    if (plan.profile === undefined)
      await client.send(new CreateUserProfileCommand({ domainIdentifier, userIdentifier: plan.role, userType: 'IAM_ROLE' }));
    for (const { project: projectIdentifier } of open)
      await client.send(
        new CreateProjectMembershipCommand({
          domainIdentifier,
          projectIdentifier,
          member: { userIdentifier: plan.role },
          designation: DESIGNATION,
        }),
      );
    const added = open.map((one) => one.project);
    terminal.answer({ needed: true, role: plan.role, profileCreated: plan.profile === undefined, added }, () =>
      added.length === 0
        ? output`The role is a member of all of them.`
        : output`Added the role to ${added.join(', ')}; what waits for it is looked at again by itself.`,
    );
    return undefined;
  },
});
