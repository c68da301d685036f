import type { NamedPolicy } from '../../src/iam/evaluate';
import { putIdentity } from '../identities';
import type { State } from '../state';
import { blocksOf } from './references';
import type { Stack } from './stack';

const KNOWN = ['aws_iam_role', 'aws_iam_user', 'aws_iam_policy', 'aws_iam_role_policy', 'aws_iam_user_policy'];
const ATTACHMENTS = ['aws_iam_role_policy_attachment', 'aws_iam_user_policy_attachment'];

/** AWS's own policies that stacks of ours may attach. */
const MANAGED: Readonly<Record<string, unknown>> = {
  AWSLambdaBasicExecutionRole: {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
  },
};

const managedPolicy = (stack: Stack, arn: string): NamedPolicy => {
  const own = stack.all('aws_iam_policy').find((policy) => stack.references.attributesOf('aws_iam_policy', policy)['arn'] === arn);
  const document = own === undefined ? MANAGED[arn.split('/').at(-1) ?? ''] : stack.references.text(own['policy']);
  if (document === undefined) throw new Error(`the policy '${arn}' is neither in the stack nor known to the local AWS`);
  return { name: arn, document };
};

/** Inline and attached policies of a role or user, by its name. */
const policiesOf = (stack: Stack, kind: 'role' | 'user', name: string): readonly NamedPolicy[] => {
  const { references } = stack;
  const isOwn = (block: Readonly<Record<string, unknown>>) => references.text(block[kind]) === name;
  const inline = stack.all(`aws_iam_${kind}_policy`).filter(isOwn);
  const attached = stack.all(`aws_iam_${kind}_policy_attachment`).filter(isOwn);
  return [
    ...inline.map((block) => ({ name: references.optional(block['name']) ?? 'inline', document: references.text(block['policy']) })),
    ...attached.map((block) => managedPolicy(stack, references.text(block['policy_arn']))),
  ];
};

const ownInline = (stack: Stack, role: Readonly<Record<string, unknown>>): readonly NamedPolicy[] =>
  blocksOf(role['inline_policy']).map((block) => ({
    name: stack.references.text(block['name']),
    document: stack.references.text(block['policy']),
  }));

const ownManaged = (stack: Stack, role: Readonly<Record<string, unknown>>): readonly NamedPolicy[] => {
  const arns: readonly unknown[] = Array.isArray(role['managed_policy_arns']) ? role['managed_policy_arns'] : [];
  return arns.map((arn) => managedPolicy(stack, stack.references.text(arn)));
};

/** @throws Error for one that nobody said what it allows. */
const boundaryOf = (
  { identities: { boundaries } }: State,
  stack: Stack,
  role: Readonly<Record<string, unknown>>,
): NamedPolicy | undefined => {
  const arn = stack.references.optional(role['permissions_boundary']);
  if (arn === undefined) return undefined;
  const boundary = boundaries.get(arn);
  if (boundary === undefined)
    throw new Error(`nobody said what the permissions boundary '${arn}' allows; seed it before loading the stack`);
  return boundary;
};

/**
 * Creates, or updates in place, the stack's roles and users.
 * @throws Error for other IAM resources: a permission that is not read would be one that the double does not enforce.
 */
export const loadIam = (state: State, stack: Stack): void => {
  const { references } = stack;
  const unknown = stack.types.find((type) => type.startsWith('aws_iam_') && ![...KNOWN, ...ATTACHMENTS].includes(type));
  if (unknown !== undefined) throw new Error(`the local AWS cannot load ${unknown}`);
  const roles = stack.all('aws_iam_role').map((role) => {
    const { name = '', arn = '' } = references.attributesOf('aws_iam_role', role);
    const policies = [...policiesOf(stack, 'role', name), ...ownInline(stack, role), ...ownManaged(stack, role)];
    const boundary = boundaryOf(state, stack, role);
    return { arn, policies, ...(boundary === undefined ? {} : { boundary }), trust: references.text(role['assume_role_policy']) };
  });
  // A role may trust another one of the same stack: all exist before any trust is read.
  for (const { arn, policies } of roles) if (!state.identities.byArn.has(arn)) putIdentity(state.identities, { arn, policies });
  for (const role of roles) putIdentity(state.identities, role);
  for (const user of stack.all('aws_iam_user')) {
    const { name = '', arn = '' } = references.attributesOf('aws_iam_user', user);
    putIdentity(state.identities, { arn, policies: policiesOf(stack, 'user', name) });
  }
};
