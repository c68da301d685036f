import { inIpRange } from './ip-range';
import { expandPattern, matchesArn, matchesText, type Pattern, plainPattern, textOf } from './pattern';
import type { Keys } from './request';

/** Whether the value of a condition key matches one of the policy's values. */
export type Compare = (actual: string) => boolean;

export type Comparison = {
  readonly negated: boolean;
  /** What a value in the policy must look like. */
  readonly form: RegExp | undefined;
  /** `keys` are given where the policy's Version lets variables be replaced. */
  readonly compiled: (values: readonly string[], keys: Keys | undefined) => Compare;
};

type Matcher = (value: Pattern, actual: string) => boolean;
type Values = (value: string, actual: string) => boolean;

/** Operators on strings and ARNs: the ones in which variables are replaced. */
const onPatterns = (matches: Matcher, negated = false): Comparison => ({
  negated,
  form: undefined,
  compiled: (values, keys) => {
    const patterns = values.map((value) => (keys === undefined ? plainPattern(value) : expandPattern(value, keys)));
    return (actual) => patterns.some((pattern) => pattern !== undefined && matches(pattern, actual));
  },
});

const onValues = (matches: Values, form: RegExp, negated = false): Comparison => ({
  negated,
  form,
  compiled: (values) => (actual) => values.some((value) => matches(value, actual)),
});

const NUMBER = /^-?\d+(\.\d+)?$/;
const numbers = (compare: (actual: number, value: number) => boolean, negated = false): Comparison =>
  onValues((value, actual) => NUMBER.test(actual) && compare(Number(actual), Number(value)), NUMBER, negated);

const DATE = /^(\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?)?)?|\d{9,})$/;
const instantOf = (text: string): number => (/^\d{9,}$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const dates = (compare: (actual: number, value: number) => boolean, negated = false): Comparison =>
  onValues((value, actual) => DATE.test(actual) && compare(instantOf(actual), instantOf(value)), DATE, negated);

const IP = /^[0-9a-f.:]+(\/\d{1,3})?$/i;
const addresses = (negated: boolean): Comparison => onValues((value, actual) => inIpRange(actual, value) === true, IP, negated);

const equals: Matcher = (value, actual) => textOf(value) === actual;
const equalsIgnoreCase: Matcher = (value, actual) => textOf(value).toLowerCase() === actual.toLowerCase();
const arn: Matcher = (value, actual) => matchesArn(value, actual, 'stays');

/** Every operator of IAM but `Null` (in `condition.ts`) and `BinaryEquals`, which no key of ours uses. */
export const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ['StringEquals', onPatterns(equals)],
  ['StringNotEquals', onPatterns(equals, true)],
  ['StringEqualsIgnoreCase', onPatterns(equalsIgnoreCase)],
  ['StringNotEqualsIgnoreCase', onPatterns(equalsIgnoreCase, true)],
  ['StringLike', onPatterns(matchesText)],
  ['StringNotLike', onPatterns(matchesText, true)],
  ['ArnEquals', onPatterns(arn)],
  ['ArnLike', onPatterns(arn)],
  ['ArnNotEquals', onPatterns(arn, true)],
  ['ArnNotLike', onPatterns(arn, true)],
  ['NumericEquals', numbers((actual, value) => actual === value)],
  ['NumericNotEquals', numbers((actual, value) => actual === value, true)],
  ['NumericLessThan', numbers((actual, value) => actual < value)],
  ['NumericLessThanEquals', numbers((actual, value) => actual <= value)],
  ['NumericGreaterThan', numbers((actual, value) => actual > value)],
  ['NumericGreaterThanEquals', numbers((actual, value) => actual >= value)],
  ['DateEquals', dates((actual, value) => actual === value)],
  ['DateNotEquals', dates((actual, value) => actual === value, true)],
  ['DateLessThan', dates((actual, value) => actual < value)],
  ['DateLessThanEquals', dates((actual, value) => actual <= value)],
  ['DateGreaterThan', dates((actual, value) => actual > value)],
  ['DateGreaterThanEquals', dates((actual, value) => actual >= value)],
  ['Bool', onValues((value, actual) => value.toLowerCase() === actual.toLowerCase(), /^(true|false)$/i)],
  ['IpAddress', addresses(false)],
  ['NotIpAddress', addresses(true)],
]);
