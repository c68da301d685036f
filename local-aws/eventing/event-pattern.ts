type Scalar = string | number | boolean | null;
/** Whether the values at a field match: one value, those of a list, or none if the field is absent. */
type Test = (values: readonly unknown[]) => boolean;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): value is Scalar => value === null || ['string', 'number', 'boolean'].includes(typeof value);

const unknownOperator = (operator: unknown): Error =>
  new Error(
    `the event pattern uses ${JSON.stringify(operator)}; the local EventBridge knows exact values, prefix, anything-but and exists`,
  );

const startsWith = (prefix: unknown) => {
  if (typeof prefix !== 'string') throw unknownOperator({ prefix });
  return (value: unknown): boolean => typeof value === 'string' && value.startsWith(prefix);
};

const excluded = (given: unknown): ((value: unknown) => boolean) => {
  if (isObject(given)) {
    const [[name, prefix] = ['', undefined], ...others] = Object.entries(given);
    if (name !== 'prefix' || others.length > 0) throw unknownOperator({ 'anything-but': given });
    return startsWith(prefix);
  }
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (!values.every(isScalar)) throw unknownOperator({ 'anything-but': given });
  return (value) => values.some((one) => one === value);
};

const testOf = (matcher: unknown): Test => {
  if (isScalar(matcher)) return (values) => values.includes(matcher);
  if (!isObject(matcher) || Object.keys(matcher).length !== 1) throw unknownOperator(matcher);
  if ('prefix' in matcher) {
    const matches = startsWith(matcher['prefix']);
    return (values) => values.some(matches);
  }
  if ('anything-but' in matcher) {
    const excludes = excluded(matcher['anything-but']);
    return (values) => values.some((value) => !excludes(value));
  }
  if (typeof matcher['exists'] === 'boolean') return (values) => values.length > 0 === matcher['exists'];
  throw unknownOperator(matcher);
};

/**
 * Compiles a rule's event pattern: every field must match, one of the values in its list.
 * @throws Error for operators that are not built, so that a rule never matches by being misread.
 * Source: Amazon EventBridge User Guide, "Creating Amazon EventBridge event patterns".
 */
export const compilePattern = (pattern: unknown): ((event: unknown) => boolean) => {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) throw new Error('an event pattern must be an object with a field or more');
  const fields = Object.entries(pattern).map(([name, inner]) => {
    if (isObject(inner)) return { name, matches: compilePattern(inner) };
    if (!Array.isArray(inner) || inner.length === 0) throw new Error(`the event pattern wants a list at '${name}'`);
    const tests = inner.map(testOf);
    const matches = (value: unknown): boolean => {
      const values: readonly unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
      return tests.some((test) => test(values));
    };
    return { name, matches };
  });
  return (event) => fields.every(({ name, matches }) => matches(isObject(event) ? event[name] : undefined));
};
