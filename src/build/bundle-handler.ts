import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { zipSync } from 'fflate';
import { withPlainKeys } from './plain-keys';

const ROOT = resolve(__dirname, '../..');

/** A bundle as it lies on disk. */
export interface HandlerBundle {
  /** Absolute path of the zip. */
  readonly zip: string;
  /** Base64 of the zip's SHA-256, as Lambda and Terraform's `source_code_hash` have it. */
  readonly hash: string;
}

/**
 * Bundles the function into `outDir/handler/index.js` and `outDir/handler.zip`. The bytes depend on the sources alone: not on the
 * folder, the clock, the time zone or the umask, so that an unchanged function is never deployed again.
 * @throws Error from esbuild when the sources do not build
 */
export const bundleHandler = ({ outDir, entry = join(ROOT, 'handler/index.ts') }: { outDir: string; entry?: string }): HandlerBundle => {
  const files = build(resolve(entry));
  const zipped = zip(files);
  const folder = resolve(outDir, 'handler');
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
  const path = resolve(outDir, 'handler.zip');
  writeFileSync(path, zipped);
  return { zip: path, hash: createHash('sha256').update(zipped).digest('base64') };
};

/** What both passes have in common. */
const COMMON = { write: false, bundle: true, platform: 'node', target: 'node20', sourcesContent: false, logLevel: 'warning' } as const;

/**
 * The SDK is part of the bundle: the runtime's own is older, larger and slower to load. Sources are named relative to the folder
 * above the entry's, wherever the result is written. In two passes: the first joins the sources into one text, the second drops what
 * nothing uses, once `withPlainKeys` has made it possible to tell.
 */
const build = (entry: string): Readonly<Record<string, Uint8Array>> => {
  const root = dirname(dirname(entry));
  const outfile = join(root, 'dist/handler/index.js');
  const joined = buildSync({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    format: 'esm',
    mainFields: ['module', 'main'],
    // The SDK imports Node's own http module dynamically; in a CommonJS file `require` does the same at once.
    supported: { 'dynamic-import': false },
    alias: {
      '@aws-sdk/credential-provider-node': join(__dirname, 'no-credential-chain.ts'),
      '@smithy/core/event-streams': join(__dirname, 'no-event-streams.ts'),
    },
    sourcemap: 'inline',
  });
  const { outputFiles } = buildSync({
    ...COMMON,
    absWorkingDir: root,
    stdin: { contents: withPlainKeys(joined.outputFiles[0]?.text ?? ''), resolveDir: dirname(outfile), sourcefile: outfile, loader: 'js' },
    outfile,
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    sourcemap: 'linked',
  });
  return Object.fromEntries(outputFiles.map((file) => [file.path.endsWith('.map') ? 'index.js.map' : 'index.js', file.contents]));
};

/** The first moment that a zip can hold, in local time as zip means it, and `rw-r--r--` as Unix keeps it. */
const MTIME = new Date(1980, 0, 1);
const READABLE = 0o100644 << 16;
const UNIX = 3;

const zip = (files: Readonly<Record<string, Uint8Array>>): Uint8Array => {
  const names = Object.keys(files).sort();
  return zipSync(
    Object.fromEntries(
      names.map((name) => [name, [files[name] ?? new Uint8Array(), { mtime: MTIME, os: UNIX, attrs: READABLE, level: 9 }]]),
    ),
  );
};

if (require.main === module) {
  const { zip: path, hash } = bundleHandler({ outDir: join(ROOT, 'dist') });
  console.log(`${path}\nsha256 ${hash}`);
}
