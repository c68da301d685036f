import { type ITerraformDependable, type TerraformResource, Token } from 'cdktf';
import { type Expression, expressionOf, ref, type Statement } from './policy-document';

/**
 * Whether something optional is wanted: known here, or a Terraform condition that a module's caller decides. A condition that
 * creates resources has to be known at plan, so it asks whether an object was given, never for the object's content.
 */
export type Choice = boolean | { readonly condition: string };

/** The opposite choice. */
export const not = (choice: Choice): Choice => (typeof choice === 'boolean' ? !choice : { condition: `!(${choice.condition})` });

/**
 * Creates a resource where it is wanted; a condition becomes its `count`. What refers to such a resource names it by computed names,
 * since `aws_x.y` is a list where it has a count.
 */
export const where = <R extends TerraformResource>(choice: Choice, create: () => R): R | undefined => {
  if (choice === false) return undefined;
  const resource = create();
  if (choice !== true) resource.addOverride('count', ref(`${choice.condition} ? 1 : 0`));
  return resource;
};

/**
 * An attribute of a resource that is created where it is wanted, as text: empty where it is not. Written out, since the address of a
 * resource with a count is a list, which CDKTF's attributes do not know.
 */
export const attributeWhere = (choice: Choice, resource: TerraformResource | undefined, attribute: string): string => {
  if (choice === false || !resource) return '';
  const address = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
  return ref(choice === true ? `${address}.${attribute}` : `join("", ${address}[*].${attribute})`);
};

/** What is created, for `dependsOn`. */
export const created = (...resources: readonly (ITerraformDependable | undefined)[]): ITerraformDependable[] =>
  resources.flatMap((resource) => (resource ? [resource] : []));

/** Gives a resource one nested block where it is wanted; a condition makes it a `dynamic` block. */
export const blockWhere = (
  resource: TerraformResource,
  block: { readonly name: string; readonly choice: Choice; readonly content: object },
) => {
  const { name, choice, content } = block;
  if (choice === true) resource.addOverride(name, content);
  else if (choice !== false) resource.addOverride(`dynamic.${name}`, { for_each: ref(`${choice.condition} ? [1] : []`), content });
};

/** A flag that is only ever set to one value: left out where it is not wanted. */
export const flagWhere = (choice: Choice, value: boolean) => {
  if (typeof choice === 'boolean') return choice ? value : undefined;
  return Token.asAny(ref(`${choice.condition} ? ${value} : null`));
};

/** One statement of a policy where it is wanted, none where not. */
export const statementWhere = (choice: Choice, statement: Statement): Expression =>
  typeof choice === 'boolean'
    ? expressionOf(choice ? [statement] : [])
    : { text: `[for wanted in (${choice.condition} ? [true] : []) : ${expressionOf(statement).text}]`, known: false };
