import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The size of the shipped, minified bundle in bytes, plain and compressed. */
export type BundleBytes = { readonly raw: number; readonly gzip: number };

/** Reads the size of a bundle. `bundle` is a folder with `handler/index.js`. */
export const bundleBytes = (bundle: string): BundleBytes => {
  const code = readFileSync(join(bundle, 'handler/index.js'));
  return { raw: code.length, gzip: gzipSync(code, { level: 9 }).length };
};
