import fc from 'fast-check';
import { jsonBytes, parsePolicy, policyFault, serialisePolicy } from '../../../handler/core/policy/policy-document';
import { law } from './property';

const policyWith = (condition: string) =>
  `{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Deny","Condition":{"NumericLessThan":{"s3:max-keys":${condition}}}}]}`;
const readAndWritten = (text: string) => {
  const parsed = parsePolicy(text);
  return parsed.kind === 'policy' ? serialisePolicy(parsed.document) : undefined;
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
    expect(parsePolicy(text)).toEqual({ kind: 'not-a-policy' });
  });

  it('is neither a statement without its list nor an empty list', () => {
    expect(readAndWritten('{"Statement":{"Sid":"One"},"Id":"x"}')).toBe('{"Statement":[{"Sid":"One"}],"Id":"x"}');
    expect(readAndWritten('{"Statement":[]}')).toBe('{"Statement":[]}');
  });
});

describe('a policy with the same key twice in one object', () => {
  it.each([
    ['Statement', '{"Statement":[{"Sid":"Theirs","Effect":"Deny"}],"Statement":[]}'],
    ['Effect', '{"Statement":{"Effect":"Deny","Effect":"Allow"}}'],
    ['Effect', '{"Statement":[{"Effect" : "Deny","Action":"a","\\u0045ffect"\n:"Allow"}]}'],
    ['s3:prefix', '{"Statement":[{"Condition":{"StringLike":{"s3:prefix":"a","s3:prefix":"b"}}}]}'],
    ['__proto__', '{"Statement":[{"__proto__":1,"\\u005f_proto__":2}]}'],
    ['constructor', '{"Statement":[],"constructor":1,"constructor":2}'],
    ['', '{"Statement":[],"":1,"":2}'],
    ['a"b', '{"Statement":[],"a\\"b":1,"a\\u0022b":2}'],
  ])('is not read as a policy: %j', (key, text) => {
    expect(JSON.parse(text)).toBeDefined();
    expect(parsePolicy(text)).toEqual({ kind: 'duplicate-key', key });
  });

  it.each([
    '{"Statement":[{"Sid":"One","Effect":"Allow"},{"Sid":"Two","Effect":"Allow"}]}',
    '{"Statement":[{"Sid":"Sid","Effect":"Effect","Principal":{"Sid":"a"}}]}',
    '{"Statement":[{"Sid":"\\"Sid\\":","Effect":"{","Action":"}"}]}',
    '{"Statement":[],"__proto__":{"a":1},"constructor":{"a":1}}',
    '{"Statement":[],"Effect":1,"effect":2}',
  ])('is another than one that repeats it elsewhere: %s', (text) => {
    expect(parsePolicy(text).kind).toBe('policy');
    expect(readAndWritten(text)).toBe(text);
  });

  type Tree = string | readonly (readonly [key: string, value: Tree])[];
  const names = fc.constantFrom('Effect', 'Sid', '__proto__', 'constructor', 'toString', '', 'a"b', 'ü', '{', '}:');
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, names, fc.array(fc.tuple(names, tie('tree')), { maxLength: 3 })),
  }));
  const unicode = (text: string) => `"${text.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
  const written = (value: Tree, dice: Iterator<number>): string => {
    const string = (text: string) => (dice.next().value % 2 === 0 ? JSON.stringify(text) : unicode(text));
    if (typeof value === 'string') return string(value);
    return `{${value.map(([key, inner]) => `${string(key)} :\n${written(inner, dice)}`).join(' , ')}}`;
  };
  const repeats = (value: Tree): boolean =>
    typeof value !== 'string' && (new Set(value.map(([key]) => key)).size < value.length || value.some(([, inner]) => repeats(inner)));

  law('is found at any depth and in any spelling, and nothing else is', fc.tuple(tree, fc.infiniteStream(fc.nat())), ([value, dice]) => {
    const text = `{"Statement":[],"Id":[${written(value, dice)}]}`;
    expect(parsePolicy(text).kind).toBe(repeats(value) ? 'duplicate-key' : 'policy');
  });

  it('is described with the bucket, the key and what to do', () => {
    expect(policyFault({ kind: 'duplicate-key', key: 'Effect' }, 'acme-raw')).toBe(
      "the policy of bucket 'acme-raw' holds the key 'Effect' twice in one object, and an edit would lose one of them; ask the owner to write the policy with each key once",
    );
    expect(policyFault({ kind: 'duplicate-key', key: 'a\nb' }, 'acme-raw')).toContain("the key 'a?b' twice");
    expect(policyFault({ kind: 'not-a-policy' }, 'acme-raw')).toBe(
      "S3 returned no valid policy document for bucket 'acme-raw'; the policy is not changed, and it is read again later",
    );
  });
});
