import { createHash } from 'node:crypto';
import * as z from 'zod';
import { conflict, type DataZoneCall, find, id, inDomain, invalid, notFound, operation, paged, pageOf, requireMember } from './operation';

/** A user id of DataZone's form, always the same for the same role or user. */
export const userIdOf = (arn: string): string => {
  const hex = createHash('sha256').update(arn).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
};

const userIdentifier = z.string().min(1);

const profileView = ({ datazone, domain }: DataZoneCall, arn: string) => ({
  domainId: domain.id,
  id: userIdOf(arn),
  type: 'IAM',
  status: datazone.profiles.get(arn),
  details: { iam: { arn } },
});

/** A profile is found by its role's ARN, or by its own id. */
const arnOf = ({ datazone }: DataZoneCall, identifier: string): string => {
  const found = [...datazone.profiles.keys()].find((arn) => arn === identifier || userIdOf(arn) === identifier);
  if (found === undefined) throw notFound('user profile', identifier);
  return found;
};

/** Who is a user of the domain, and a member of which project. */
export const membershipOperations = [
  operation({
    name: 'GetUserProfile',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/user-profiles/{userIdentifier}',
    input: { ...inDomain, userIdentifier, type: z.optional(z.literal('IAM')) },
    run: (call, input) => profileView(call, arnOf(call, input.userIdentifier)),
  }),
  operation({
    name: 'CreateUserProfile',
    method: 'POST',
    path: '/v2/domains/{domainIdentifier}/user-profiles',
    status: 201,
    input: { ...inDomain, userIdentifier, userType: z.literal('IAM_ROLE'), clientToken: z.optional(z.string()) },
    run: (call, { userIdentifier: arn }) => {
      if (call.datazone.profiles.has(arn)) throw conflict(`'${arn}' has a user profile already`);
      call.datazone.profiles.set(arn, 'ACTIVATED');
      return profileView(call, arn);
    },
  }),
  operation({
    name: 'ListProjectMemberships',
    method: 'GET',
    path: '/v2/domains/{domainIdentifier}/projects/{projectIdentifier}/memberships',
    input: { ...inDomain, ...paged, projectIdentifier: id },
    run: (call, { projectIdentifier, ...page }) => {
      requireMember(call, [projectIdentifier]);
      const { members } = find(call.datazone.projects, 'project', projectIdentifier);
      const { items, ...rest } = pageOf(call.datazone, members, page);
      return {
        members: items.map((arn) => ({ designation: 'PROJECT_CATALOG_VIEWER', memberDetails: { user: { userId: userIdOf(arn) } } })),
        ...rest,
      };
    },
  }),
  operation({
    name: 'CreateProjectMembership',
    method: 'POST',
    path: '/v2/domains/{domainIdentifier}/projects/{projectIdentifier}/createMembership',
    status: 201,
    input: {
      ...inDomain,
      projectIdentifier: id,
      member: z.strictObject({ userIdentifier }),
      designation: z.enum([
        'PROJECT_OWNER',
        'PROJECT_CONTRIBUTOR',
        'PROJECT_CATALOG_VIEWER',
        'PROJECT_CATALOG_CONSUMER',
        'PROJECT_CATALOG_STEWARD',
      ]),
    },
    run: (call, { projectIdentifier, member }) => {
      requireMember(call, [projectIdentifier]);
      const project = find(call.datazone.projects, 'project', projectIdentifier);
      const arn = arnOf(call, member.userIdentifier);
      if (project.members.includes(arn)) throw invalid(`'${arn}' is a member of project '${projectIdentifier}' already`);
      call.datazone.projects.set(projectIdentifier, { ...project, members: [...project.members, arn] });
      return {};
    },
  }),
];
