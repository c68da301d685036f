import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evidenceLines } from '../../src/cli/report/evidence';
import { DEPLOYMENT } from './cli-world';
import { hostileCli, READER } from './hostile-answers';
import { changed } from './report/reported';

/** Every control character, format character, separator and unpaired surrogate of the basic plane, and some beyond it. */
const EVERY_MISLEADING_CHARACTER = [
  ...Array.from({ length: 0xffff }, (_, unit) => String.fromCharCode(unit)).filter((unit) =>
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(unit),
  ),
  '\u{e0041}',
].join('x');

/** The signs of steps in our own colours. */
const SIGNS = ['\u001b[32m✓\u001b[39m', '\u001b[33m…\u001b[39m', '\u001b[31m✗\u001b[39m'];
const MISLEADING = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const HARMLESS = 'harmless';
const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  [
    'escape sequences and fake lines',
    '\u001b]0;pwned\u0007\u001b[2J\u009b2J\r\nPlan: 0 to revoke\n  granted by alice\u2028x\u2029\u0085y\u000b\u000cz',
  ],
  ['reversed text', '\u202egnp.exe\u2066\u2069\u200b\ufeff'],
  ['our own colour codes', '\u001b[32mgranted\u001b[39m'],
  ['every misleading character of the basic plane', EVERY_MISLEADING_CHARACTER.slice(0, 3_000)],
  ['unpaired surrogates', '\ud800x\udc00'],
  ['1 MB', `\u001b[2J\n\u202e${'x'.repeat(1_000)}`.repeat(1_000)],
];

describe('what the command line prints of external text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'output-'));
  const file = (name: string) => join(folder, name);
  let cli: Awaited<ReturnType<typeof hostileCli>>;
  beforeAll(async () => {
    cli = await hostileCli();
    writeFileSync(file('v2.yaml'), readFileSync(DEPLOYMENT, 'utf8').replace('version: v1', 'version: v2'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const v2 = ['--deployment', file('v2.yaml')];
  const COMMANDS: readonly (readonly string[])[] = [
    ['grants'],
    ['grants', '--at', '2026-03-01'],
    ['status', 's1'],
    ['status', 's2'],
    ['status', 's3'],
    ['status', 's4'],
    ['why', READER, 's3://acme-raw/public/x'],
    ['why', READER, 's3://acme-raw/elsewhere/x'],
    ['history'],
    ['history', 'acme-raw', '--statements'],
    ['doctor'],
    ['adopt', 'acme-raw'],
    ['export', 'acme-raw'],
    ['export', 'acme-raw', '--format', 'terraform'],
    ['config', 'check', '--live'],
    ['plan'],
    ['reconcile', '--yes'],
    ['revoke', 's1', '--reason', 'a test', '--yes'],
    ['freeze', 'acme-raw', '--reason', 'a test'],
    ['restore', 'acme-raw', '--reason', 'a test', '--yes'],
    ['uninstall', '--reason', 'a test', '--yes'],
    ['target', 'list', '--project', '6oy92hwk937pgn'],
    ['target', 'delete', 'nosuchtarget', '--project', '6oy92hwk937pgn'],
    ['target', 'create', '--project', '6oy92hwk937pgn', '--principal', READER, '--environment', 'nosuch'],
    ['membership', 'plan', ...v2],
    ['publish', 's3://acme-raw/public/'],
    ['send-test'],
    ['init', '--domain', 'dzd_bc8e1ez8r2a6xz', '--name', 'acme'],
    ['init', '--domain', 'dzd_bc8e1ez8r2a6xz', '--name', 'acme', '--out', file('init.yaml'), '--force'],
    ['report', '--out', file('report.html')],
    ['report', '--evidence', '--bucket', 'acme-raw', '--from', '2026-01-01', '--to', '2026-12-31', '--out', file('evidence.jsonl')],
  ];

  const linesOf = (printed: string): number => printed.split('\n').length;
  const misleading = (printed: string): string | undefined => MISLEADING.exec(printed.replaceAll('\n', ''))?.[0];

  const named = COMMANDS.map((args) => [args.join(' ').replaceAll(folder, ''), args] as const);

  it.each(named)('%s: runs, and prints as many lines as of harmless text', async (_line, args) => {
    const harmless = await cli(args, { text: HARMLESS });
    expect([harmless.code, harmless.err]).not.toEqual([70, expect.anything()]);
    for (const [what, text] of HOSTILE) {
      const { code, out, err } = await cli(args, { text });
      expect([what, misleading(out), misleading(err)]).toEqual([what, undefined, undefined]);
      expect([what, code, linesOf(out), linesOf(err)]).toEqual([what, harmless.code, linesOf(harmless.out), linesOf(harmless.err)]);
      const json = await cli([...args, '--json'], { text });
      expect([what, misleading(json.out), misleading(json.err)]).toEqual([what, undefined, undefined]);
      if (json.out !== '') expect(JSON.parse(json.out)).toBeDefined();
    }
  });

  describe.each(HOSTILE)('%s', (_what, text) => {
    it('in the message of an error, also with --debug', async () => {
      for (const flags of [[], ['--debug']]) {
        const failed = (failure: string) => cli(['target', 'list', '--project', 'p', ...flags], { text: HARMLESS, failure });
        const [harmless, hostile] = [await failed(HARMLESS), await failed(text)];
        expect([hostile.code, harmless.code, misleading(hostile.err)]).toEqual([2, 2, undefined]);
        expect(linesOf(hostile.err)).toBe(linesOf(harmless.err));
      }
    });

    it('on a terminal, where nothing but our colour codes remains', async () => {
      const { out } = await cli(['status', 's1'], { text, colour: true });
      expect(out).toContain('\u001b[32m✓\u001b[39m');
      expect(misleading(SIGNS.reduce((left, sign) => left.replaceAll(sign, ''), out))).toBeUndefined();
    });

    it('in a file of evidence that somebody else made', async () => {
      const subject = { deployment: text, bucket: text, from: text, to: text, generatedAt: text };
      const { lines } = evidenceLines(subject, { changes: [changed(1)], grants: [] });
      writeFileSync(file('hostile.jsonl'), `${lines.join('\n')}\n`);
      const { code, out, err } = await cli(['report', '--verify', file('hostile.jsonl')], { text });
      expect([code, err, misleading(out), linesOf(out)]).toEqual([0, '', undefined, 3]);
      writeFileSync(file('other.jsonl'), `{"content":{},"kind":${JSON.stringify(text)}}\n${text}`);
      const other = await cli(['report', '--verify', file('other.jsonl')], { text });
      expect([other.code, misleading(other.out), linesOf(other.out)]).toEqual([1, undefined, 2]);
    });

    it('in the files it writes', async () => {
      for (const args of COMMANDS.filter((one) => one.includes('--out'))) {
        const out = args[args.indexOf('--out') + 1] ?? '';
        await cli(args, { text: HARMLESS });
        const harmless = readFileSync(out, 'utf8');
        await cli(args, { text });
        const hostile = readFileSync(out, 'utf8');
        expect([out, misleading(hostile)]).toEqual([out, undefined]);
        // Evidence of a bucket leaves out what was published at no valid location.
        if (out.endsWith('.jsonl')) for (const line of hostile.trimEnd().split('\n')) expect(line).toMatch(/^\{"content":.*\}$/);
        else expect([out, linesOf(hostile)]).toEqual([out, linesOf(harmless)]);
      }
    });
  });

  it('in a deployment file with mistakes', async () => {
    for (const content of ['mode: "\\u001b[2J\\n\\u202e"\n', '"\\u001b[2J\\nname": 1\n', 'a: [\u009b2J\n', '\u0000']) {
      writeFileSync(file('bad.yaml'), content);
      const { code, err } = await cli(['config', 'check', '--deployment', file('bad.yaml')], { text: HARMLESS });
      expect([content, code, misleading(err)]).toEqual([content, 2, undefined]);
      for (const line of err.trimEnd().split('\n').slice(1)) expect(line).toMatch(/^ {2}\S/);
    }
  });

  it('as a policy document is unaltered in JSON: escapes stand for the same text', async () => {
    const [, text] = HOSTILE[0] ?? ['', ''];
    const { out } = await cli(['export', 'acme-raw'], { text });
    expect(JSON.parse(out).Statement).toMatchObject([{ Sid: text }]);
  });

  describe.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('called %s', (name) => {
    it.each(named)('%s: prints the same of it as of any other name', async (_line, args) => {
      const harmless = await cli(args, { text: HARMLESS });
      const odd = await cli(args, { text: name });
      // A table is as wide as its names, and a list is sorted by them.
      const shape = ({ code, out, err }: typeof odd, text: string) => [
        code,
        ...[out, err].map((printed) =>
          printed
            .replaceAll(text, 'NAME')
            .replaceAll('"NAME"', 'NAME')
            .replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|\d+\.\d s/g, '')
            .replace(/ +/g, ' ')
            .split('\n')
            .toSorted(),
        ),
      ];
      expect(shape(odd, name)).toEqual(shape(harmless, HARMLESS));
    });

    it('is found by its name', async () => {
      const { code, out } = await cli(['status', name], { text: name });
      expect([code, out.split('\n')[0]]).toEqual([0, `subscription ${name}: granted`]);
    });
  });
});
