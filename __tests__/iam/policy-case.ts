import type { Policies } from '../../src/iam/evaluate';
import type { AccessRequest, Context, Principal } from '../../src/iam/request';

/** One row: what is asked of which policies, what AWS decides, and the page of AWS's documentation that says so. */
export type PolicyCase = {
  readonly name: string;
  readonly source: string;
  readonly request: AccessRequest;
  readonly policies: Policies;
  readonly expected: 'allowed' | 'implicitly-denied' | 'explicitly-denied';
};

const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/';
export const pages = {
  logic: `${GUIDE}reference_policies_evaluation-logic.html`,
  sameAccount: `${GUIDE}reference_policies_evaluation-logic_policy-eval-basics-single-account.html`,
  crossAccount: `${GUIDE}reference_policies_evaluation-logic-cross-account.html`,
  principal: `${GUIDE}reference_policies_elements_principal.html`,
  notPrincipal: `${GUIDE}reference_policies_elements_notprincipal.html`,
  action: `${GUIDE}reference_policies_elements_action.html`,
  notAction: `${GUIDE}reference_policies_elements_notaction.html`,
  resource: `${GUIDE}reference_policies_elements_resource.html`,
  notResource: `${GUIDE}reference_policies_elements_notresource.html`,
  variables: `${GUIDE}reference_policies_variables.html`,
  version: `${GUIDE}reference_policies_elements_version.html`,
  operators: `${GUIDE}reference_policies_elements_condition_operators.html`,
  multivalued: `${GUIDE}reference_policies_condition-single-vs-multi-valued-context-keys.html`,
  sets: `${GUIDE}reference_policies_multi-key-or-value-conditions.html`,
  keys: `${GUIDE}reference_policies_condition-keys.html`,
  externalId: `${GUIDE}id_roles_common-scenarios_third-party.html`,
  sessionTags: `${GUIDE}id_session-tags.html`,
  uniqueIds: `${GUIDE}reference_identifiers.html`,
  boundaries: `${GUIDE}access_policies_boundaries.html`,
  s3Examples: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html',
  s3Endpoints: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html',
  s3Keys: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html',
} as const;

export const OWNER = '222222222222';
export const CONSUMER = '333333333333';
const PREFIX = 'arn:aws:s3:::raw/runs/';

export const roleIn = (account: string, tags: Readonly<Record<string, string>> = {}): Principal => ({
  type: 'role-session',
  account,
  arn: `arn:aws:iam::${account}:role/Reader`,
  sessionArn: `arn:aws:sts::${account}:assumed-role/Reader/morning`,
  uniqueId: 'AROAREADER',
  tags,
});
export const userIn = (account: string): Principal => ({
  type: 'user',
  account,
  arn: `arn:aws:iam::${account}:user/ada`,
  uniqueId: 'AIDAADA',
});
export const ownRole = 'arn:aws:iam::222222222222:role/Reader';
export const foreignRole = 'arn:aws:iam::333333333333:role/Reader';

export const read = (principal: Principal, context: Context = {}): AccessRequest => ({
  principal,
  action: 's3:GetObject',
  resource: `${PREFIX}1.png`,
  resourceAccount: OWNER,
  context,
});

export type Fields = Readonly<Record<string, unknown>>;
/** A statement that allows reading the prefix, but for what `fields` say; undefined takes an element out. */
export const allow = (fields: Fields = {}): Fields => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: `${PREFIX}*`, ...fields });
export const deny = (fields: Fields = {}): Fields => ({ ...allow(fields), Effect: 'Deny' });
export const policy = (...statements: readonly Fields[]) => ({
  name: 'policy',
  document: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
});
export const oldPolicy = (...statements: readonly Fields[]) => ({ name: 'policy', document: { Statement: statements } });
