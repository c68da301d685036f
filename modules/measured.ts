import type { TerraformStack } from 'cdktf';
import { declareLocals, type Requirement } from './module-stack';
import { ref } from './policy-document';
import { exceeds, type Quota } from './quotas';

/** A text of a module that AWS limits in length. */
export interface Measured {
  /** The text as an attribute takes it: `${…}` as a whole. */
  readonly text: string;
  readonly quota: Quota;
  /** Expression of what the text is made of and may be null: there is no text then. @default there always is one */
  readonly given?: string;
}

/** How Terraform counts: a policy that `jsonencode` writes has no white space; four characters of base64 are three bytes. */
const lengthOf = (local: string, { unit }: Quota): string =>
  unit === 'bytes' ? `floor(length(base64encode(${local})) / 4 * 3)` : `length(${local})`;

/**
 * Declares the text as a local beside its length: a failed condition shows what it refers to, which had better be a number than the
 * text. Answers a reference to the text, and the condition on its length.
 */
export const measured = (stack: TerraformStack, name: string, { text, quota, given }: Measured): { text: string; fits: Requirement } => {
  const expression = text.slice('${'.length, -'}'.length);
  const length = `local.${name}_length`;
  declareLocals(stack, {
    [name]: given === undefined ? expression : `${given} == null ? "" : ${expression}`,
    [`${name}_length`]: lengthOf(`local.${name}`, quota),
  });
  return { text: ref(`local.${name}`), fits: { condition: ref(`${length} <= ${quota.limit}`), errorMessage: exceeds(quota, length) } };
};
