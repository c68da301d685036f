import { type Account, type Naming, policyArn, roleArn } from '../naming';

/**
 * Names of everything that a deployment may make for one consumer. The longest suffix leaves room for 51 characters of prefix and
 * consumer within IAM's 64 for a role.
 */
export const consumerNamesOf = (namePrefix: string, consumer: string) => {
  const prefix = `${namePrefix}-${consumer}`;
  return {
    environmentRole: `${prefix}-environment`,
    notebookRole: `${prefix}-notebook`,
    readerPolicy: `${prefix}-reader`,
    notebook: prefix,
    environmentStack: `${prefix}-environment`,
    notebookLinkStack: `${prefix}-notebook-link`,
    subscriptionTargetStack: `${prefix}-subscription-target`,
    userProfileStack: `${prefix}-user-profile`,
    membershipStack: `${prefix}-membership`,
  };
};

/** ARNs of a consumer's roles and policies, computed, so that what names them need not wait for them. */
export const consumerArnsOf = ({ prefix, rolePath }: Naming, consumer: string, account: Account) => {
  const names = consumerNamesOf(prefix, consumer);
  return {
    environmentRole: roleArn(account, `${rolePath}${names.environmentRole}`),
    notebookRole: roleArn(account, `${rolePath}${names.notebookRole}`),
    readerPolicy: policyArn(account, `${rolePath}${names.readerPolicy}`),
  };
};
