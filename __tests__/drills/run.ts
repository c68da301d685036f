import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHandler } from '../../src/build/bundle-handler';
import { ALL_DRILLS } from './all-drills';
import { USUAL } from './deployment';
import { type Row, runDrill } from './drill';
import { DEFINITIONS, isClean, tableOf } from './table';

// `npm run drills [-- pattern of names [seed]]`
const [part = '', seed] = process.argv.slice(2);

/** As in the tests: the SDK tries once, and logs are off. */
const QUIET = {
  AWS_MAX_ATTEMPTS: '1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
};

const main = async (): Promise<void> => {
  Object.assign(process.env, QUIET);
  const drills = ALL_DRILLS.filter(({ name }) => new RegExp(part).test(name));
  if (drills.length === 0)
    throw new Error(`no drill's name is like '${part}'; there are: ${ALL_DRILLS.map(({ name }) => name).join('; ')}`);
  const bundle = mkdtempSync(join(tmpdir(), 'drills-'));
  const table = tableOf(drills.map(({ name }) => name));
  const rows: Row[] = [];
  try {
    bundleHandler({ outDir: bundle });
    console.log(`${DEFINITIONS}\n\n${table.head}`);
    for (const drill of drills) {
      const row = await runDrill(drill, { bundle, wanted: USUAL, ...(seed === undefined ? {} : { seed: Number(seed) }) });
      rows.push(row);
      console.log(table.line(row));
      for (const failure of row.failures) console.log(`  ${failure}`);
    }
    console.log(table.foot(rows));
  } finally {
    rmSync(bundle, { recursive: true });
  }
  if (!rows.every(isClean)) process.exitCode = 1;
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
