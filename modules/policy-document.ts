/**
 * JSON text for Terraform attributes, from values that are known here or from Terraform references. One construct thereby serves
 * a concrete stack, whose policies are plain JSON, and an emitted module, whose policies are one `jsonencode(…)`.
 */

/** One statement of an IAM or resource policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A list whose items are known here, or a Terraform expression for a list and one item that refers to the loop's `item`. */
export type Items<T> = readonly T[] | { readonly expression: string; readonly item: T };

/** JSON text, or, where something is only known to Terraform, the HCL expression of the same value. JSON is valid HCL. */
export interface Expression {
  readonly text: string;
  readonly known: boolean;
}

/** A Terraform reference as text. Never `variable.stringValue`: a CDKTF token is silently corrupted inside `${…}`. */
export const ref = (expression: string): string => `\${${expression}}`;

/**
 * A Terraform reference to a list, where a list of strings is asked for: `"${x}"` alone is the value of x, of whatever type.
 * The expression must hold no double quotes, since it ends up in a quoted template.
 */
export const listOf = <T = string>(expression: string): readonly T[] => {
  if (expression.includes('"')) throw new Error(`a list expression is written into a quoted template and takes no quotes: ${expression}`);
  return ref(expression) as unknown as readonly T[];
};

/**
 * A value as an expression; strings in it may be references.
 * @throws Error for an attribute of a CDKTF resource, which cannot be told from its token's text.
 */
export const expressionOf = (value: unknown): Expression => {
  const text = JSON.stringify(value);
  if (text.includes('${TfToken[')) throw new Error('JSON text takes names, computed ARNs or ref(), not attributes of a CDKTF resource');
  return { text, known: !text.includes('${') };
};

/** An object whose members are expressions. */
export const objectOf = (members: Readonly<Record<string, Expression>>): Expression => ({
  text: `{${Object.entries(members)
    .map(([key, member]) => `${JSON.stringify(key)}:${member.text}`)
    .join(',')}}`,
  known: Object.values(members).every((member) => member.known),
});

/** One value per item, whether the items are known here or only to Terraform. */
export const eachItem = <T>(items: Items<T>, value: (item: T) => unknown): Expression =>
  'expression' in items
    ? { text: `[for item in ${items.expression} : ${expressionOf(value(items.item)).text}]`, known: false }
    : expressionOf(items.map(value));

/** The JSON text of a value as a string within another value: JSON in JSON. */
export const encoded = ({ text, known }: Expression): Expression =>
  known ? { text: JSON.stringify(text), known } : { text: `jsonencode(${text})`, known };

/** What a Terraform attribute that wants JSON text is given: plain JSON where everything is known, one `jsonencode(…)` where not. */
export const jsonText = ({ text, known }: Expression): string => (known ? text : `\${jsonencode(${text})}`);

/** A policy's JSON text. A part is a statement, or a list of statements made by `eachItem`. */
export const policyDocument = (...parts: readonly (Statement | Expression)[]): string => {
  const lists = parts.map((part) => ('known' in part ? part : expressionOf([part])));
  const known = lists.every((list) => list.known);
  const statements = known
    ? JSON.stringify(lists.flatMap((list): unknown[] => JSON.parse(list.text)))
    : `concat(${lists.map((list) => list.text).join(',')})`;
  return jsonText(objectOf({ Version: expressionOf('2012-10-17'), Statement: { text: statements, known } }));
};
