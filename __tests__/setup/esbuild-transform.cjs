const { transformSync } = require('esbuild');

/** One compiler for the bundle and the tests: esbuild strips the types; `tsc` checks them on its own. */
module.exports = {
  process: (source, file) =>
    transformSync(source, { loader: 'ts', format: 'cjs', target: 'node20', sourcemap: 'inline', sourcefile: file }),
};
