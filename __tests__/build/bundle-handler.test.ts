import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { bundleHandler } from '../../src/build/bundle-handler';

const SOURCES = {
  'index.ts': "import { answer } from './answer';\n/** Answers. */\nexport const handler = async () => ({ answer });\n",
  'answer.ts': 'export const answer: number = [42].reduce((sum, item) => sum + item);\n',
};

describe('The bundle', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The same sources, checked out somewhere. */
  const checkOut = (name: string, year: number): string => {
    const handler = join(folder, name, 'handler');
    mkdirSync(handler, { recursive: true });
    for (const [file, text] of Object.entries(SOURCES)) {
      writeFileSync(join(handler, file), text);
      utimesSync(join(handler, file), new Date(year, 1, 1), new Date(year, 1, 1));
    }
    return join(handler, 'index.ts');
  };

  it('is the same to the byte in another folder, at another time and for another target', () => {
    const one = bundleHandler({ entry: checkOut('one', 2001), outDir: join(folder, 'one/dist') });
    const other = bundleHandler({ entry: checkOut('some/where else', 2020), outDir: join(folder, 'out') });
    expect(readFileSync(one.zip).equals(readFileSync(other.zip))).toBe(true);
    expect(one.hash).toBe(other.hash);
    expect(one.hash).toBe(createHash('sha256').update(readFileSync(one.zip)).digest('base64'));
  });

  it('holds the code and its source map, without the sources', () => {
    const { zip } = bundleHandler({ entry: checkOut('one', 2001), outDir: folder });
    const files = unzipSync(readFileSync(zip));
    expect(Object.keys(files)).toEqual(['index.js', 'index.js.map']);
    const map = JSON.parse(strFromU8(files['index.js.map'] ?? new Uint8Array()));
    expect(new Set(map.sources)).toEqual(new Set(['../../handler/answer.ts', '../../handler/index.ts']));
    expect(map.sourcesContent).toBeUndefined();
  });

  it('lies unpacked beside the zip and exports the handler', async () => {
    bundleHandler({ entry: checkOut('one', 2001), outDir: folder });
    const { handler } = require(join(folder, 'handler/index.js'));
    await expect(handler()).resolves.toEqual({ answer: 42 });
  });

  it('of the product exports a handler and is as reproducible', () => {
    const [one, other] = ['one', 'other'].map((name) => bundleHandler({ outDir: join(folder, name) }));
    expect(one?.hash).toBe(other?.hash);
    expect(readFileSync(join(folder, 'one/handler/index.js'), 'utf8')).toContain('handler');
  });

  it('leaves out of the SDK what no call of ours needs: its credential chain and its event streams', () => {
    bundleHandler({ outDir: join(folder, 'lean') });
    const text = readFileSync(join(folder, 'lean/handler/index.js'), 'utf8');
    for (const left of ['made without credentials', 'bundled without event streams']) expect(text).toContain(left);
    for (const chain of ['fromInstanceMetadata', 'sso_start_url', ':event-type']) expect(text).not.toContain(chain);
  });
});
