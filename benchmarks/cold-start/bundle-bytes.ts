import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes of the shipped bundle, minified; and as it would travel, compressed. */
export type BundleBytes = { readonly raw: number; readonly gzip: number };

/** `bundle` is a folder with `handler/index.js`. */
export const bundleBytes = (bundle: string): BundleBytes => {
  const code = readFileSync(join(bundle, 'handler/index.js'));
  return { raw: code.length, gzip: gzipSync(code, { level: 9 }).length };
};
