import fc from 'fast-check';
import { canonicalJson, sha256 } from '../../../src/cli/report/canonical-json';
import { evidenceLines } from '../../../src/cli/report/evidence';
import { verifyEvidence } from '../../../src/cli/report/verify-evidence';
import { law } from '../../handler/core/property';
import { changed, reported } from './reported';

const SUBJECT = {
  deployment: 'acme',
  bucket: 'acme-raw',
  from: '2026-02-02T00:00:00.000Z',
  to: '2026-02-04T23:59:59.999Z',
  generatedAt: '2026-03-01T12:00:00.000Z',
};
const made = evidenceLines(SUBJECT, {
  changes: [5, 4, 3, 2, 1].map((version) => changed(version)),
  grants: [reported(), reported({ subscription: 's2' }), reported({ subscription: 's3', since: '2026-02-05T00:00:00.000Z' })],
});
const fileOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ 10: 'ten', 9: 'nine', a: undefined }, '{"10":"ten","9":"nine"}'],
    ['€<\u2028"', JSON.stringify('€<\u2028"')],
  ])('of %j', (value, text) => expect(canonicalJson(value)).toBe(text));

  law('is JSON of the same value, and the same in whatever order members are', fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
    const reversed = Object.fromEntries(Object.entries(value).reverse());
    expect(canonicalJson(reversed)).toBe(canonicalJson(value));
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });
});

describe('evidence', () => {
  it('is a header, the changes of the period from the oldest on, the grants that had begun, and a total', () => {
    const lines = made.lines.map((line) => JSON.parse(line));
    expect(lines.map(({ kind, content }) => content.version ?? content.subscription ?? kind)).toEqual([
      'header',
      2,
      3,
      4,
      's1',
      's2',
      'total',
    ]);
    expect(lines[0].content).toEqual({ format: 1, ...SUBJECT });
    expect(lines[6].content).toEqual({ changes: 3, grants: 2, head: lines[5].hash });
    expect(made).toMatchObject({ changes: 3, grants: 2, head: lines[6].hash });
    for (const { content, sha256: hash } of lines) expect(hash).toBe(sha256(canonicalJson(content)));
    lines.slice(1).forEach(({ previous }, index) => {
      expect(previous).toBe(lines[index].hash);
    });
  });

  it('is verified, with what it is about, and against the hash that was kept', () => {
    const whole = { kind: 'whole', subject: SUBJECT, changes: 3, grants: 2, head: made.head };
    expect(verifyEvidence(fileOf(made.lines))).toEqual(whole);
    expect(verifyEvidence(fileOf(made.lines), { head: made.head })).toEqual(whole);
    const empty = evidenceLines(SUBJECT, { changes: [], grants: [] });
    expect(verifyEvidence(fileOf(empty.lines))).toMatchObject({ kind: 'whole', changes: 0, grants: 0 });
  });

  it('written anew as a whole does not have the hash that was kept', () => {
    const other = evidenceLines(SUBJECT, { changes: [], grants: [] });
    expect(verifyEvidence(fileOf(other.lines), { head: made.head })).toMatchObject({
      kind: 'broken',
      message: expect.stringContaining(made.head),
    });
  });

  const without = (index: number) => made.lines.filter((_, at) => at !== index);
  const swapped = made.lines.map((line, index) => made.lines[index === 2 ? 3 : index === 3 ? 2 : index] ?? line);
  const rehashed = made.lines.map((line, index) => {
    if (index !== 2) return line;
    const read = JSON.parse(line);
    const content = { ...read.content, session: 'forged' };
    return canonicalJson({ ...read, content, sha256: sha256(canonicalJson(content)) });
  });
  it.each([
    ['a changed content', made.lines.map((line) => line.replace('session-3', 'session-9')), 3, 'it was altered'],
    ['a changed content with its own hash made anew', rehashed, 3, 'another hash'],
    ['a line that is gone', without(2), 3, 'dropped'],
    ['a header that is gone', without(0), 1, 'dropped'],
    ['an end that is gone', made.lines.slice(0, -1), 6, 'the end of the file is missing'],
    ['lines that changed places', swapped, 3, 'moved'],
    ['a line twice', [...made.lines.slice(0, 3), ...made.lines.slice(2)], 4, 'dropped, added or moved'],
    ['something after the total', [...made.lines, ...evidenceLines(SUBJECT, { changes: [], grants: [] }).lines], 8, 'dropped'],
    ['another layout', made.lines.map((line, index) => (index === 1 ? line.replace('{', '{ ') : line)), 2, 'canonical'],
    ['a member more', made.lines.map((line, index) => (index === 1 ? line.replace('{', '{"aside":1,') : line)), 2, 'shape'],
    ['no JSON', ['what is this'], 1, 'no JSON'],
    ['nothing', [], 1, 'the end of the file is missing'],
  ])('%s is found, with its line', (_what, lines, line, message) => {
    const text = lines.length === 0 ? '' : fileOf(lines);
    expect(verifyEvidence(text)).toEqual({ kind: 'broken', line, message: expect.stringContaining(message) });
  });

  describe.each(['__proto__', 'constructor', 'toString', 'added'])('with a member %s added', (name) => {
    const added = (line: string, opening: string) => {
      const { [name]: _, ...rest } = JSON.parse(line);
      const member = `${JSON.stringify(name)}:{"x":1}`;
      // Where canonical form has it, so that only the hash can tell.
      return opening === 'content'
        ? canonicalJson({ ...rest, content: withMember(rest.content, name) })
        : line.replace(/^\{/, `{${member},`);
    };
    const withMember = (content: object, key: string): object => Object.fromEntries([...Object.entries(content), [key, { x: 1 }] as const]);

    it.each(made.lines.map((_, index) => index + 1))('to the content of line %d is broken, also with the hash that was kept', (line) => {
      const text = fileOf(made.lines.map((one, index) => (index + 1 === line ? added(one, 'content') : one)));
      expect(text).toContain(name);
      for (const options of [{}, { head: made.head }])
        expect(verifyEvidence(text, options)).toEqual({ kind: 'broken', line, message: expect.stringContaining('it was altered') });
    });

    it('to a line itself is broken', () => {
      const text = fileOf(made.lines.map((one, index) => (index === 2 ? added(one, 'line') : one)));
      expect(verifyEvidence(text, { head: made.head })).toMatchObject({ kind: 'broken', line: 3 });
    });
  });

  it.each([
    ['line', (line: string) => line.replace('"kind":', '"hash":"x","kind":')],
    ['content', (line: string) => line.replace('"at":', '"at":"2000-01-01T00:00:00.000Z","at":')],
    ['content, equal in value', (line: string) => line.replace('"version":3', '"version":3,"version":3')],
    ['content, in another spelling', (line: string) => line.replace('"version":3', '"\\u0076ersion":9,"version":3')],
  ])('with the same key twice in a %s is broken', (_what, change) => {
    const lines = made.lines.map((line, index) => (index === 2 ? change(line) : line));
    expect(lines[2]).not.toBe(made.lines[2]);
    expect(verifyEvidence(fileOf(lines), { head: made.head })).toMatchObject({ kind: 'broken', line: 3 });
  });

  it('is read back with whatever names its contents hold, and shows no misleading character in the file', () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":"\\u202e\\u009b2J\\u2028\\u200b"}');
    const evidence = evidenceLines(SUBJECT, {
      changes: [changed(3, { after: [hostile], causes: [{ trigger: 'operator', reason: '\u001b]0;x\u0007\u2066' }] })],
      grants: [],
    });
    expect(fileOf(evidence.lines).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    expect(JSON.parse(evidence.lines[1] ?? '').content.after).toEqual([hostile]);
    expect(verifyEvidence(fileOf(evidence.lines), { head: evidence.head })).toMatchObject({ kind: 'whole', changes: 1 });
    const raw = fileOf(evidence.lines).replace('\\u202e', '\u202e');
    expect(verifyEvidence(raw)).toMatchObject({ kind: 'broken', line: 2, message: expect.stringContaining('canonical') });
  });

  const text = fileOf(made.lines);
  law(
    'with any one character changed is broken',
    fc.record({ at: fc.nat({ max: text.length - 2 }), character: fc.constantFrom(...'0123456789abcdefZ{}":, ') }),
    ({ at, character }) => {
      fc.pre(text[at] !== character);
      expect(verifyEvidence(text.slice(0, at) + character + text.slice(at + 1)).kind).toBe('broken');
    },
  );
});
