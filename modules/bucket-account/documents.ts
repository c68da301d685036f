import { OWNING_PROJECT_TAG } from '../../handler/contract/registry';
import { type Account, type Naming, rootArn, trustedRoleArns } from '../naming';
import { eachItem, type Items, policyDocument, type Statement } from '../policy-document';
import { EDIT_ACTIONS, type EditRight, editStatement } from './edit-rights';
import { inspectStatement } from './inspection-rights';
import type { Frame } from './packing';

/**
 * Whom the editor role trusts: the domain account, narrowed to the function's role by condition. A principal that does not exist yet is
 * refused, and one that is created again is no longer the same. Two statements, because `sts:ExternalId` is a key of AssumeRole alone.
 */
export const editorTrust = (naming: Naming, domain: Account & { readonly id: string }): string => {
  const fromDomainAccount = { Effect: 'Allow', Principal: { AWS: rootArn(domain) } } as const;
  const fromFunction = { 'aws:PrincipalArn': trustedRoleArns(naming, domain).functionRole };
  return policyDocument(
    {
      Sid: 'FulfillmentFunction',
      ...fromDomainAccount,
      Action: 'sts:AssumeRole',
      Condition: {
        ArnEquals: fromFunction,
        StringEquals: { 'sts:ExternalId': domain.id },
        // Present and not empty.
        StringLike: { [`aws:RequestTag/${OWNING_PROJECT_TAG}`]: '?*' },
      },
    },
    {
      Sid: 'OwningProject',
      ...fromDomainAccount,
      Action: 'sts:TagSession',
      Condition: {
        ArnEquals: fromFunction,
        'ForAllValues:StringEquals': { 'aws:TagKeys': [OWNING_PROJECT_TAG] },
        Null: { 'sts:TransitiveTagKeys': 'true' },
      },
    },
  );
};

/** Whom the inspector role trusts: the domain account's operators and auditors. */
export const inspectorTrust = (naming: Naming, domain: Account): string => {
  const { operatorRole, auditorRole } = trustedRoleArns(naming, domain);
  return policyDocument({
    Sid: 'OperatorsAndAuditors',
    Effect: 'Allow',
    Principal: { AWS: rootArn(domain) },
    Action: 'sts:AssumeRole',
    Condition: { ArnEquals: { 'aws:PrincipalArn': [operatorRole, auditorRole] } },
  });
};

/**
 * Keeps a role from a bucket that was deleted here and whose name somebody else took. Said once for a whole policy: as a condition of
 * every statement it would cost a fifth of the room.
 */
const ownAccountOnly = (account: string): Statement => ({
  Sid: 'OwnAccountOnly',
  Effect: 'Deny',
  Action: 's3:*',
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:ResourceAccount': account } },
});

/** Whatever other policies of the role allow, or the pattern of its actions comes to match: an editor reads and writes policies. */
const policiesOnly: Statement = { Sid: 'PoliciesOnly', Effect: 'Deny', NotAction: EDIT_ACTIONS, Resource: '*' };

/** A role's policies: the inline one and what it holds beside the rights, and the managed ones, each within the account. */
export interface RolePolicies<T> {
  readonly inline: (rights: Items<T>) => string;
  readonly managed: (rights: Items<T>) => string;
}

/** The editor role's policies. */
export const editorPolicies = (account: string): RolePolicies<EditRight> => ({
  inline: (rights) => policyDocument(policiesOnly, ownAccountOnly(account), eachItem(rights, editStatement)),
  managed: (rights) => policyDocument(ownAccountOnly(account), eachItem(rights, editStatement)),
});

/** The inspector role's policies. */
export const inspectorPolicies = (account: string): RolePolicies<readonly string[]> => {
  const policy = (rights: Items<readonly string[]>) => policyDocument(ownAccountOnly(account), eachItem(rights, inspectStatement));
  return { inline: policy, managed: policy };
};

/** Characters of such policies without their rights; the placeholder is as long as any account. */
const frameOf = <T>({ inline, managed }: RolePolicies<T>): Frame => ({ inline: inline([]).length, managed: managed([]).length });
const ANY_ACCOUNT = '000000000000';
export const EDITOR_FRAME = frameOf(editorPolicies(ANY_ACCOUNT));
export const INSPECTOR_FRAME = frameOf(inspectorPolicies(ANY_ACCOUNT));

/** Characters that a statement takes in a policy, with the comma before it. */
export const lengthOf = (statement: Statement): number => JSON.stringify(statement).length + 1;
