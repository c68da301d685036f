import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { Construct } from 'constructs';
import { type Items, ref } from '../policy-document';
import type { RolePolicies } from './documents';

/**
 * Items of a role's policies: known here (see `Packs`), or as Terraform sees them, the number of managed policies then being an
 * expression known at plan, and the n-th managed policy's items one that refers to `count.index`.
 */
export interface PolicyItems<T> {
  readonly inline: Items<T>;
  readonly managed: readonly Items<T>[] | { readonly count: string; readonly items: Items<T> };
}

/** A role, what its policies are called, and what is in them. */
export interface PackedPolicies<T> {
  readonly role: IamRole;
  /** Construct id, and what the ids of the further policies begin with. */
  readonly id: string;
  readonly inlineName: string;
  readonly managedName: string;
  /** ARN of the path in which managed policies lie: `arn:aws:iam::222222222222:policy/`. */
  readonly managedArn: string;
  readonly path: string;
  readonly tags?: { [key: string]: string };
  readonly items: PolicyItems<T>;
  /** Writes the policies of their items. */
  readonly documents: RolePolicies<T>;
}

/** Gives a role its inline policy and as many managed ones as its items need. */
export const attachPackedPolicies = <T>(scope: Construct, policies: PackedPolicies<T>): void => {
  const { role, id, inlineName, items, documents } = policies;
  new IamRolePolicy(scope, id, { name: inlineName, role: role.name, policy: documents.inline(items.inline) });
  if ('count' in items.managed) {
    const parts = attachManaged(scope, policies, {
      suffix: 'more',
      number: ref('count.index + 1'),
      policy: documents.managed(items.managed.items),
    });
    for (const part of parts) part.addOverride('count', ref(items.managed.count));
  } else {
    items.managed.forEach((managed, index) => {
      attachManaged(scope, policies, { suffix: `${index + 1}`, number: `${index + 1}`, policy: documents.managed(managed) });
    });
  }
};

const attachManaged = <T>(
  scope: Construct,
  { role, id, managedName, managedArn, path, tags }: PackedPolicies<T>,
  { suffix, number, policy: text }: { readonly suffix: string; readonly number: string; readonly policy: string },
) => {
  const name = `${managedName}-${number}`;
  const policy = new IamPolicy(scope, `${id}_${suffix}`, { name, path, policy: text, tags });
  const attachment = new IamRolePolicyAttachment(scope, `${id}_attachment_${suffix}`, {
    role: role.name,
    policyArn: `${managedArn}${name}`,
    dependsOn: [policy],
  });
  return [policy, attachment];
};
