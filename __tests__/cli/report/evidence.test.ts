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
    const content = { ...read.content, changeId: 'forged' };
    return canonicalJson({ ...read, content, sha256: sha256(canonicalJson(content)) });
  });
  it.each([
    ['a changed content', made.lines.map((line) => line.replace('change-3', 'change-9')), 3, 'it was altered'],
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
