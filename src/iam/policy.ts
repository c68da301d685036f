import { type Condition, parseConditions } from './condition';
import { PolicyError } from './policy-error';
import { type PrincipalElement, parsePrincipal } from './principal';

/** What a policy is attached to decides which elements it must and must not have. A session policy is passed to AssumeRole. */
export type PolicyKind = 'identity' | 'session' | 'resource' | 'trust';

/** `negated` is NotAction or NotResource. */
export type PatternElement = { readonly negated: boolean; readonly patterns: readonly string[] };

export type Statement = {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principal: PrincipalElement | undefined;
  readonly action: PatternElement;
  readonly resource: PatternElement | undefined;
  readonly conditions: readonly Condition[];
};

/** An absent Version means 2008-10-17, in which `${…}` is literal text. */
export type Policy = { readonly version: '2012-10-17' | '2008-10-17'; readonly statements: readonly Statement[] };

type Fields = Readonly<Record<string, unknown>>;

const POLICY_ELEMENTS = ['Version', 'Id', 'Statement'];
const STATEMENT_ELEMENTS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const ACTION = /^(\*|[a-z0-9-]+:[a-z0-9*?]+)$/i;
const RESOURCE = /^(\*|arn:.*)$/s;

const fieldsOf = (value: unknown, what: string, allowed: readonly string[]): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PolicyError(`${what} must be an object`);
  const unknown = Object.keys(value).find((key) => !allowed.includes(key));
  if (unknown !== undefined) throw new PolicyError(`${what} has the unknown element '${unknown}'; IAM knows ${allowed.join(', ')}`);
  return { ...value };
};

const optionalText = (fields: Fields, name: string): string | undefined => {
  const value = fields[name];
  if (value !== undefined && typeof value !== 'string') throw new PolicyError(`${name} must be a string`);
  return value;
};

const patternsOf = (fields: Fields, name: string, form: RegExp): PatternElement | undefined => {
  const negation = `Not${name}`;
  if (name in fields && negation in fields) throw new PolicyError(`a statement has ${name} or ${negation}, not both`);
  const negated = negation in fields;
  const value = fields[negated ? negation : name];
  if (value === undefined) return undefined;
  const patterns: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (patterns.length === 0) throw new PolicyError(`${name} is empty`);
  return {
    negated,
    patterns: patterns.map((pattern) => {
      if (typeof pattern !== 'string' || !form.test(pattern)) throw new PolicyError(`${JSON.stringify(pattern)} is no valid ${name}`);
      return pattern;
    }),
  };
};

const statementOf = (value: unknown, kind: PolicyKind): Statement => {
  const fields = fieldsOf(value, 'a statement', STATEMENT_ELEMENTS);
  const { Effect: effect } = fields;
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyError(`Effect must be Allow or Deny, not ${JSON.stringify(effect)}`);

  const principal = parsePrincipal(fields['Principal'], fields['NotPrincipal']);
  const namesPrincipals = kind === 'resource' || kind === 'trust';
  if (namesPrincipals && principal === undefined) throw new PolicyError(`a statement of a ${kind} policy needs a Principal`);
  if (!namesPrincipals && principal !== undefined)
    throw new PolicyError(`a statement of a ${kind} policy has no Principal: it is the holder`);

  const action = patternsOf(fields, 'Action', ACTION);
  if (action === undefined) throw new PolicyError('a statement needs an Action or a NotAction');

  const resource = patternsOf(fields, 'Resource', RESOURCE);
  if (kind === 'trust' && resource !== undefined) throw new PolicyError('a trust policy has no Resource: it is the role');
  if (kind !== 'trust' && resource === undefined) throw new PolicyError('a statement needs a Resource or a NotResource');

  return { sid: optionalText(fields, 'Sid'), effect, principal, action, resource, conditions: parseConditions(fields['Condition']) };
};

/**
 * Reads a policy, given as an object or as JSON text, the way IAM's grammar wants it.
 * @throws PolicyError for anything the evaluator does not know, so that nothing is silently ignored.
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
export const parsePolicy = (document: unknown, kind: PolicyKind): Policy => {
  const fields = fieldsOf(typeof document === 'string' ? parseJson(document) : document, 'a policy', POLICY_ELEMENTS);
  const version = optionalText(fields, 'Version') ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicyError(`Version '${version}' does not exist`);
  optionalText(fields, 'Id');
  const { Statement: statement } = fields;
  if (statement === undefined) throw new PolicyError('a policy needs a Statement');
  const statements: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  return { version, statements: statements.map((one) => statementOf(one, kind)) };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PolicyError(`a policy must be JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
};
