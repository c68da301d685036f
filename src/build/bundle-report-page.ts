import { resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { ReportPage } from '../cli/report/report-html';

const ROOT = resolve(__dirname, '../..');

/** Bundles the program and the style of the report's page, both small enough to stand in it. */
export const bundleReportPage = (): ReportPage => {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli/report/page/page.ts', 'src/cli/report/page/page.css'],
    outdir: 'dist/report',
    write: false,
    bundle: true,
    platform: 'browser',
    target: ['es2022', 'chrome105', 'firefox110', 'safari16'],
    format: 'iife',
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const ending = (extension: string): string => {
    const text = outputFiles.find(({ path }) => path.endsWith(extension))?.text;
    if (text === undefined) throw new Error(`esbuild made no ${extension} file of the report's page; look at src/cli/report/page`);
    return text.trim();
  };
  return { script: ending('.js'), style: ending('.css') };
};
