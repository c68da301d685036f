import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** Every Markdown file of a folder and below. */
const markdownIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { encoding: 'utf8', recursive: true })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(ROOT, folder, path));

const FILES = [join(ROOT, 'README.md'), ...['docs', 'examples', 'modules'].flatMap(markdownIn)];

const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;
/** Paths in code: `docs/leaving.md`, `examples/pipeline/README.md`. */
const NAMED = /`((?:docs|examples|modules|src|__tests__)\/[\w./-]+)`/g;

describe('What the documentation points at', () => {
  it.each(FILES.map((file) => [relative(ROOT, file), file]))('is there: %s', (_, file) => {
    const text = readFileSync(file, 'utf8');
    const links = [...text.matchAll(LINK)].flatMap(([, target = '']) => (/^https?:/.test(target) ? [] : [join(dirname(file), target)]));
    const named = [...text.matchAll(NAMED)].map(([, target = '']) => join(ROOT, target));
    expect([...links, ...named].filter((target) => !existsSync(target)).map((target) => relative(ROOT, target))).toEqual([]);
  });
});
