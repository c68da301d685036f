import { declareLocals, declareOutputs, declareVariables, mapOf, moduleJson, requireBefore } from '../module-stack';
import { listOf, ref } from '../policy-document';
import { exceeds, QUOTAS } from '../quotas';
import { BucketAccount } from './construct';
import { EDITOR_FRAME, INSPECTOR_FRAME, lengthOf } from './documents';
import { type EditRight, editRightsExpression, editStatement } from './edit-rights';
import { inspectionRightsExpression, inspectStatement } from './inspection-rights';
import type { PolicyItems } from './packed-policies';
import { type Frame, packsExpression } from './packing';
import { BUCKET_ACCOUNT_VARIABLES } from './variables';

/** Rights as locals: the list, what each takes, and which policy it goes to. `lengths` is an expression of `right`. */
const rightsLocals = (
  name: string,
  { list, length, frame }: { readonly list: string; readonly length: string; readonly frame: Frame },
) => ({
  [`${name}_rights`]: list,
  [`${name}_lengths`]: `[for right in local.${name}_rights : ${length}]`,
  [`${name}_packs`]: packsExpression(`${name}_lengths`, frame),
});

/** The rights of the inline policy, and of the managed ones that the caller asked for. */
const packedRights = <T>(name: string, item: T): PolicyItems<T> => {
  const inPack = (number: string) => ({
    expression: `[for index, right in local.${name}_rights : right if local.${name}_packs[index] == ${number}]`,
    item,
  });
  return { inline: inPack('0'), managed: { count: `var.${name}_policies`, items: inPack('count.index + 1') } };
};

/** Asks for as many managed policies as there is something to write into, and for none that is too long. */
const packsSuffice = (name: string, frame: Frame) => {
  const needed = `max(0, local.${name}_packs...)`;
  const longest = `max(0, local.${name}_lengths...) + ${frame.managed}`;
  const { managedPolicy, managedPoliciesPerRole } = QUOTAS;
  return [
    {
      condition: ref(`${needed} <= ${managedPoliciesPerRole.limit}`),
      errorMessage: exceeds(managedPoliciesPerRole, needed),
    },
    {
      condition: ref(`${needed} <= var.${name}_policies || ${needed} > ${managedPoliciesPerRole.limit}`),
      errorMessage: `The ${name} role's rights on \${length(var.buckets)} buckets need \${${needed}} managed policies beside the inline one; write ${name}_policies = \${${needed}}.`,
    },
    { condition: ref(`${needed} == 0 || ${longest} <= ${managedPolicy.limit}`), errorMessage: exceeds(managedPolicy, longest) },
  ];
};

/** What a statement takes beside its lists, which are empty here and written as `[]`. */
const EDIT_FRAME = lengthOf(editStatement({ bucketArns: [], sessionTags: [] })) - 4;
const INSPECT_FRAME = lengthOf(inspectStatement([])) - 2;

const PARTITION = ref('var.deployment.partition');
const EDIT_RIGHT: EditRight = { bucketArns: listOf('item.bucket_arns'), sessionTags: listOf('item.session_tags') };

/** A bucket account's side as a Terraform module: `main.tf.json`. */
export const bucketAccountModule = (): string =>
  moduleJson((stack) => {
    declareVariables(stack, BUCKET_ACCOUNT_VARIABLES);
    declareLocals(stack, {
      ...rightsLocals('editor', {
        frame: EDITOR_FRAME,
        list: editRightsExpression(PARTITION),
        length: `${EDIT_FRAME} + length(jsonencode(right.bucket_arns)) + length(jsonencode(right.session_tags))`,
      }),
      ...rightsLocals('inspector', {
        frame: INSPECTOR_FRAME,
        list: inspectionRightsExpression(PARTITION),
        length: `${INSPECT_FRAME} + length(jsonencode(right))`,
      }),
    });
    const { editor, inspector } = new BucketAccount(stack, 'Default', {
      prefix: ref('coalesce(var.deployment.prefix, var.deployment.name)'),
      rolePath: ref('var.deployment.role_path'),
      account: ref('var.account'),
      domain: { id: ref('var.deployment.domain_id'), account: ref('var.deployment.domain_account'), partition: PARTITION },
      editRights: packedRights('editor', EDIT_RIGHT),
      inspectionRights: packedRights('inspector', listOf('item')),
      permissionsBoundary: ref('var.permissions_boundary'),
      tags: mapOf('var.tags'),
    });
    requireBefore(editor, ...packsSuffice('editor', EDITOR_FRAME));
    requireBefore(inspector, ...packsSuffice('inspector', INSPECTOR_FRAME));
    declareOutputs(stack, {
      editor_role_arn: { value: editor.arn, description: 'The role that edits bucket policies.' },
      editor_role_name: { value: editor.name, description: 'Its name.' },
      inspector_role_arn: { value: inspector.arn, description: 'The role with which operators and auditors look at the buckets.' },
      inspector_role_name: { value: inspector.name, description: 'Its name.' },
    });
  });
