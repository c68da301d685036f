import { type Refusal, refused } from '../outcome';
import { printable } from '../printable';

/** An IAM role or user that a bucket policy can name. */
export type AuthorizedPrincipal = { readonly arn: string };

/** Names and paths as IAM allows them. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const PRINCIPAL = /^arn:(aws[a-z-]*):iam::(\d{12}):(?:role|user)\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/;

const SERVICE_LINKED = /:(?:role|user)\/aws-service-role\//;

export type PrincipalRules = {
  readonly partition: string;
  /** The accounts whose principals may be granted: the environment's, and those the deployment lists. */
  readonly accounts: readonly string[];
};

/** Reads an authorized principal as its subscription target names it, and refuses whatever would let in more than one role or user. */
export const parsePrincipal = (arn: string, rules: PrincipalRules): AuthorizedPrincipal | Refusal => {
  const parts = PRINCIPAL.exec(arn);
  if (parts === null)
    return refused(
      'principal-not-grantable',
      `'${printable(arn)}' is no role or user; name IAM roles in the subscription target, like arn:${rules.partition}:iam::123456789012:role/analyst`,
    );
  if (SERVICE_LINKED.test(arn))
    return refused(
      'principal-not-grantable',
      `'${arn}' is a service-linked role, which a bucket policy cannot let in; name a role of your own in the subscription target`,
    );
  const [, partition, account] = parts;
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
