import { BOUNDS, cut } from '../bounds';
import { type Refusal, refused } from '../outcome';
import { printable } from '../printable';

/** An IAM role or user that a bucket policy can name. */
export type AuthorizedPrincipal = { readonly arn: string };

/** Names and paths as IAM allows them. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const PRINCIPAL = /^arn:(aws[a-z-]*):iam::(\d{12}):(?:role|user)(\/(?:[\w+=,.@-]+\/)*)([\w+=,.@-]+)$/;

/** Returns the parts of a principal's ARN, or undefined if it is not a role or user that IAM can have. */
const partsOf = (arn: string): { readonly partition: string; readonly account: string } | undefined => {
  if (arn.length > BOUNDS.principalArn) return undefined;
  const [, partition = '', account = '', path = '', name = ''] = PRINCIPAL.exec(arn) ?? [];
  const isPossible = name !== '' && name.length <= BOUNDS.principalName && path.length <= BOUNDS.principalPath;
  return isPossible ? { partition, account } : undefined;
};

const SERVICE_LINKED = /:(?:role|user)\/aws-service-role\//;

export type PrincipalRules = {
  readonly partition: string;
  /** The accounts whose principals may be granted: the environment's, and those the deployment lists. */
  readonly accounts: readonly string[];
};

/**
 * Returns a target's principal as text that can be shown and stored, whatever stands in its place: empty text, a number, a text without
 * end. What cannot be an ARN is cut, and ends in an ellipsis that no ARN has; `parsePrincipal` refuses it.
 */
export const boundedPrincipal = (value: unknown): string => {
  const text = typeof value === 'string' ? value : String(JSON.stringify(value));
  const canBeArn = text.startsWith('arn:') && text.length <= BOUNDS.principalArn;
  return canBeArn ? text : cut(text, BOUNDS.strangePrincipal);
};

/** Reads an authorized principal as its subscription target names it, and refuses whatever would let in more than one role or user. */
export const parsePrincipal = (arn: string, rules: PrincipalRules): AuthorizedPrincipal | Refusal => {
  const parts = partsOf(arn);
  if (parts === undefined)
    return refused(
      'principal-not-grantable',
      `'${printable(arn)}' is no role or user; name IAM roles in the subscription target, like arn:${rules.partition}:iam::123456789012:role/analyst`,
    );
  if (SERVICE_LINKED.test(arn))
    return refused(
      'principal-not-grantable',
      `'${arn}' is a service-linked role, which a bucket policy cannot let in; name a role of your own in the subscription target`,
    );
  const { partition, account } = parts;
  if (partition !== rules.partition)
    return refused(
      'principal-not-grantable',
      `'${arn}' lies in partition '${partition}' and the domain in '${rules.partition}'; name a role of the domain's partition`,
    );
  if (!rules.accounts.some((allowed) => allowed === account))
    return refused(
      'principal-account-not-allowed',
      `'${arn}' belongs to account ${account}, and the subscription target's environment to ${rules.accounts.join(', ') || 'none that is known'}; name a role of the environment's account, or add ${account} to principalAccounts in the deployment`,
    );
  return { arn };
};
