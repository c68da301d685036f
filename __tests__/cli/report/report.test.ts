import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AUDE, CliWorld, READER } from '../cli-world';

describe('report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  const file = (name: string) => join(folder, name);
  let world: CliWorld;
  let granted = '';
  let refused = '';
  beforeAll(async () => {
    world = await CliWorld.start();
    const listing = await world.publish('public/');
    await world.target(READER);
    granted = await world.subscribe(listing);
    refused = await world.subscribe(await world.publish('private/'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await world.close();
  });

  it('writes a page with all grants, buckets and changes, for an auditor', async () => {
    const { code, answer, stderr } = await world.answer(AUDE, 'report', '--out', file('access.html'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(answer).toMatchObject({ file: file('access.html'), grants: 2, changes: 1 });
    const html = readFileSync(file('access.html'), 'utf8');
    const [, data = ''] = /id="report-data">(.*?)<\/script>/.exec(html) ?? [];
    expect(JSON.parse(data)).toMatchObject({
      deployment: 'acme',
      grants: [
        {
          subscription: refused,
          state: 'refused',
          code: 'prefix-not-registered',
          sentence: expect.stringContaining('register the prefix'),
        },
        {
          subscription: granted,
          state: 'granted',
          principal: READER,
          bucket: 'acme-raw',
          listing: 'images of public/',
          consumerProjectName: 'consumers',
          owningProjectName: 'producers',
          requestedBy: expect.any(String),
          approvedBy: expect.any(String),
        },
      ],
      buckets: expect.arrayContaining([
        expect.objectContaining({ name: 'acme-raw', account: '222222222222', policyBytes: expect.any(Number), state: 'active' }),
      ]),
      changes: [
        { bucket: 'acme-raw', subscriptions: [granted], statementsBefore: 0, added: [`${READER} on arn:aws:s3:::acme-raw/public/`] },
      ],
    });
  });

  it('writes evidence that it verifies, until somebody alters it', async () => {
    const period = ['--bucket', 'acme-raw', '--from', '2000-01-01', '--to', '2999-01-01'];
    const { code, answer } = await world.answer(AUDE, 'report', '--evidence', ...period, '--out', file('e.jsonl'));
    expect(code).toBe(0);
    expect(answer).toMatchObject({ changes: 1, grants: 2, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const verified = await world.answer(AUDE, 'report', '--verify', file('e.jsonl'));
    expect(verified).toMatchObject({ code: 0, answer: { kind: 'whole', subject: { bucket: 'acme-raw' } } });
    writeFileSync(file('altered.jsonl'), readFileSync(file('e.jsonl'), 'utf8').replace(READER, `${READER}2`));
    const altered = await world.cli(AUDE, 'report', '--verify', file('altered.jsonl'));
    expect(altered).toMatchObject({ code: 1, stdout: expect.stringContaining('it was altered') });
  });

  it.each([
    [['--evidence', '--bucket', 'acme-raw'], 2, '--evidence takes --bucket, --from and --to'],
    [['--evidence', '--bucket', 'acme-raw', '--from', '2026-02-01', '--to', '2026-01-01'], 2, 'is after --to'],
    [['--evidence', '--bucket', 'nobodys', '--from', '2026-01-01', '--to', '2026-02-01'], 8, "knows a bucket 'nobodys'"],
    [['--bucket', 'acme-raw'], 2, '--bucket goes with --evidence'],
    [['--verify', 'x', '--evidence'], 2, '--verify takes no option but --head'],
    [['--head', '0'.repeat(64)], 2, '--head goes with --verify'],
    [['--verify', '/nonexistent/file'], 8, 'cannot be read'],
    [['--out', '/nonexistent/file'], 2, 'cannot be written'],
  ])('%j ends with code %d and a sentence', async (args, code, sentence) => {
    const ran = await world.cli(AUDE, 'report', ...args);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(sentence);
    expect(ran.stderr).not.toContain('    at ');
  });
});
