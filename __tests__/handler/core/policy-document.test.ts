import { jsonBytes, parsePolicy, serialisePolicy } from '../../../handler/core/policy/policy-document';

const policyWith = (condition: string) =>
  `{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Deny","Condition":{"NumericLessThan":{"s3:max-keys":${condition}}}}]}`;
const readAndWritten = (text: string) => {
  const document = parsePolicy(text);
  return document === undefined ? undefined : serialisePolicy(document);
};

describe('a policy that is read and written back', () => {
  it.each(['10', '-3', '0', '1.5', '1e+21', '"1.10"', '["a\\"1.10","\\\\"]', 'true', 'null'])('keeps %s as it is', (value) => {
    expect(readAndWritten(policyWith(value))).toBe(policyWith(value));
  });

  it.each(['1.10', '1.0', '-0', '12345678901234567890', '1E5', '1e5', '0.10000000000000000555'])(
    'says %s as a text, which JavaScript would have made another number of',
    (value) => {
      expect(readAndWritten(policyWith(value))).toBe(policyWith(`"${value}"`));
      expect(readAndWritten(policyWith(`[1,${value},"x"]`))).toBe(policyWith(`[1,"${value}","x"]`));
    },
  );
});

test('a policy is as long as its compact JSON in UTF-8, and no policy is nothing', () => {
  expect(jsonBytes({ Id: 'ü€' })).toBe(14);
  expect(jsonBytes(undefined)).toBe(0);
});

describe('what is no policy document', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', 'Statement'],
    ['a cut-off policy', policyWith('1').slice(0, -3)],
    ['a number that JSON does not know', policyWith('01')],
    ['a list', '[]'],
    ['a text', '"Statement"'],
    ['nothing at all', 'null'],
    ['no statements', '{"Version":"2012-10-17"}'],
    ['a statement that is a text', '{"Statement":"Allow"}'],
    ['a statement that is a list', '{"Statement":[[]]}'],
    ['a statement that is nothing', '{"Statement":[null]}'],
  ])('is not read as one: %s', (_what, text) => {
    expect(parsePolicy(text)).toBeUndefined();
  });

  it('is neither a statement without its list nor an empty list', () => {
    expect(readAndWritten('{"Statement":{"Sid":"One"},"Id":"x"}')).toBe('{"Statement":[{"Sid":"One"}],"Id":"x"}');
    expect(readAndWritten('{"Statement":[]}')).toBe('{"Statement":[]}');
  });
});
