import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { bundleReportPage } from '../../src/build/bundle-report-page';
import { findChromium } from './chromium';
import { keyboardChecks } from './keyboard-checks';
import { largeReportChecks } from './large-report-checks';
import { NO_HURRY, OpenedReport, type Stage } from './opened-report';
import { smallReport } from './sample-report';
import { smallReportChecks } from './small-report-checks';

const SCREENSHOT = resolve(__dirname, '../../docs/report.png');

/** Opens reports in a real Chromium and looks at them. With `--screenshot` the picture in the documentation is taken anew. */
const run = async (): Promise<number> => {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    console.error('Chromium is not on PATH; install it (Debian, Ubuntu: apt-get install chromium) and run: npm run test:browser');
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  // Containers have no user namespaces for Chromium's sandbox; what is opened is our own file.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: NO_HURRY });
  try {
    const stage: Stage = { browser, folder, bundled: bundleReportPage() };
    console.log(`Chromium ${browser.version()}`);
    if (process.argv.includes('--screenshot')) return await picture(stage);
    let [passed, failed] = [0, 0];
    for (const [name, look] of [...smallReportChecks(stage), ...keyboardChecks(stage), ...largeReportChecks(stage)])
      try {
        await look();
        passed++;
        console.log(`ok ${name}`);
      } catch (error) {
        failed++;
        console.error(`NOT OK ${name}\n${error instanceof Error ? error.message : String(error)}`);
      }
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
};

const picture = async (stage: Stage): Promise<number> => {
  const { page } = await OpenedReport.open(stage, { data: smallReport(), name: 'picture' });
  await page.setViewportSize({ width: 1360, height: 1250 });
  await page.screenshot({ path: SCREENSHOT });
  console.log(SCREENSHOT);
  return 0;
};

void run().then((code) => {
  process.exitCode = code;
});
