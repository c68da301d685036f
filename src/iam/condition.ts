import { type Compare, comparisons } from './comparison';
import { PolicyError } from './policy-error';
import type { Keys } from './request';

export type Condition = {
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly operator: string;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
};

const NAME = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

const operatorOf = (name: string): Pick<Condition, 'quantifier' | 'operator' | 'ifExists'> => {
  const [, quantifier, operator = '', ifExists] = NAME.exec(name) ?? [];
  const known = operator === 'Null' ? quantifier === undefined && ifExists === undefined : comparisons.has(operator);
  if (!known) throw new PolicyError(`the condition operator '${name}' is unknown to this evaluator`);
  return {
    quantifier: quantifier === 'ForAllValues' || quantifier === 'ForAnyValue' ? quantifier : undefined,
    operator,
    ifExists: ifExists !== undefined,
  };
};

const valuesOf = (value: unknown, where: string): readonly string[] => {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((one) => {
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') return String(one);
    throw new PolicyError(`${where} must be a string, a number, a boolean or a list of them`);
  });
};

const entriesOf = (value: unknown, what: string): readonly (readonly [string, unknown])[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PolicyError(`${what} must be an object`);
  return Object.entries(value);
};

/** @throws PolicyError for an operator it does not know and for values the operator cannot compare. */
export const parseConditions = (value: unknown): readonly Condition[] => {
  if (value === undefined) return [];
  return entriesOf(value, 'Condition').flatMap(([name, keys]) => {
    const operator = operatorOf(name);
    return entriesOf(keys, name).map(([key, given]) => {
      const values = valuesOf(given, `${name} of ${key}`);
      const isValid = operator.operator === 'Null' ? /^(true|false)$/i : comparisons.get(operator.operator)?.form;
      const invalid = values.find((one) => isValid !== undefined && !isValid.test(one));
      if (invalid !== undefined) throw new PolicyError(`'${invalid}' is no value for ${name} of ${key}`);
      return { ...operator, key, values };
    });
  });
};

/**
 * Whether one condition holds. Values of one key are alternatives; for a negated operator none of them may match.
 * An absent key fails a positive operator and satisfies a negated one, `…IfExists` and `ForAllValues`; it fails `ForAnyValue`.
 * @throws PolicyError if a plain operator meets a multivalued key: AWS leaves open what that means.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued context keys".
 */
export const holds = (condition: Condition, keys: Keys, expandsVariables: boolean): boolean => {
  const { operator, quantifier, ifExists, key, values } = condition;
  const actual = keys.get(key.toLowerCase()) ?? [];
  if (operator === 'Null') return values.some((value) => (value.toLowerCase() === 'true') === (actual.length === 0));

  const comparison = comparisons.get(operator);
  if (comparison === undefined) throw new PolicyError(`the condition operator '${operator}' is unknown to this evaluator`);
  const compare: Compare = comparison.compiled(values, expandsVariables ? keys : undefined);
  const satisfied = (value: string): boolean => compare(value) !== comparison.negated;

  if (actual.length === 0) return quantifier === 'ForAllValues' || ifExists || (quantifier === undefined && comparison.negated);
  if (quantifier === 'ForAllValues') return actual.every(satisfied);
  if (quantifier === 'ForAnyValue') return actual.some(satisfied);
  const [only, ...others] = actual;
  if (only === undefined || others.length > 0) {
    throw new PolicyError(`${key} has several values; compare it with ForAllValues:${operator} or ForAnyValue:${operator}`);
  }
  return satisfied(only);
};
