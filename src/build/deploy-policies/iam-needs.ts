import { policyArn, roleArn } from '../../../modules/naming';
import { actions, type NeedsByType } from './need';
import type { Attributes, StackView } from './stack-view';

const pathAndName = (attributes: Attributes, { text }: StackView): string =>
  `${text(attributes, 'path').replace(/^\//, '')}${text(attributes, 'name')}`;

const listed = (attributes: Attributes, name: string): readonly string[] => {
  const value = attributes[name];
  return Array.isArray(value) ? value.map(String) : [];
};

/** Roles and policies, by their exact ARNs. */
export const IAM_NEEDS: NeedsByType = {
  aws_iam_policy: (attributes, view) => [
    {
      actions: actions(
        'iam',
        'CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy GetPolicyVersion ListPolicyVersions TagPolicy UntagPolicy',
      ),
      resources: [policyArn(view.place, pathAndName(attributes, view))],
    },
  ],
  aws_iam_policy_attachment: (attributes, { text, roles }) => [
    { actions: ['iam:ListEntitiesForPolicy'], resources: [text(attributes, 'policy_arn')] },
    {
      actions: actions('iam', 'AttachRolePolicy DetachRolePolicy'),
      resources: listed(attributes, 'roles').flatMap(roles),
      condition: { ArnEquals: { 'iam:PolicyARN': text(attributes, 'policy_arn') } },
    },
  ],
  aws_iam_role: (attributes, view) => {
    const resources = [roleArn(view.place, pathAndName(attributes, view))];
    const names =
      'DeleteRole GetRole ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription';
    const boundary = view.text(attributes, 'permissions_boundary');
    if (boundary === '') return [{ actions: [...actions('iam', names), 'iam:CreateRole'], resources }];
    // Where roles are bounded, none is made, or left, without that boundary.
    const bounded = { actions: actions('iam', 'CreateRole PutRolePermissionsBoundary'), resources };
    return [
      { actions: actions('iam', names), resources },
      { ...bounded, condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } } },
    ];
  },
  aws_iam_role_policy: (attributes, { text, roles }) => [
    { actions: actions('iam', 'DeleteRolePolicy GetRolePolicy PutRolePolicy'), resources: roles(text(attributes, 'role')) },
  ],
  aws_iam_role_policy_attachment: (attributes, { text, roles }) => [
    {
      actions: actions('iam', 'AttachRolePolicy DetachRolePolicy'),
      resources: roles(text(attributes, 'role')),
      condition: { ArnEquals: { 'iam:PolicyARN': text(attributes, 'policy_arn') } },
    },
    { actions: ['iam:ListAttachedRolePolicies'], resources: roles(text(attributes, 'role')) },
  ],
};
