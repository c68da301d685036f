import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { OpenedReport, type Stage } from './opened-report';
import { largeReport } from './sample-report';
import type { Check } from './small-report-checks';

const [MANY, FEW] = [10_000, 1_000];
/** Nodes of the whole document, however many grants there are. */
const MOST_NODES = 6_000;

/** Milliseconds of one key press in the search, until table and map are laid out again: the fastest of 21, which other work on the machine lengthens least. */
const searchLatency = (report: OpenedReport): Promise<number> =>
  report.page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('#search');
    if (input === null) throw new Error('there is no search');
    const times = Array.from({ length: 21 }, (_, index) => {
      const begun = performance.now();
      input.value = index % 2 === 0 ? 'reader-1' : 'image set consumers';
      input.dispatchEvent(new Event('input', { bubbles: true }));
      document.body.getBoundingClientRect();
      return performance.now() - begun;
    });
    return Math.min(...times);
  });

/** Checks on the report of a very large deployment. What they measured is printed. */
export const largeReportChecks = (stage: Stage): readonly Check[] => {
  const opened = (count: number, look: (report: OpenedReport) => Promise<void>) => async () => {
    const report = await OpenedReport.open(stage, { data: largeReport(count), name: `of-${count}` });
    try {
      await look(report);
      deepStrictEqual(report.complaints, []);
    } finally {
      await report.close();
    }
  };
  return [
    [
      'of 10,000 grants only a page is in the document, and a map that can be read',
      opened(MANY, async (report) => {
        const nodes = await report.page.evaluate(() => document.querySelectorAll('*').length);
        console.log(`   10,000 grants: drawn in ${report.drawnIn.toFixed(0)} ms, ${nodes} elements`);
        strictEqual(await report.said(), '1–50 of 10,000 grants');
        strictEqual(await report.rows.count(), 50);
        ok(nodes < MOST_NODES, `${nodes} elements`);
        ok((await report.page.locator('.node').count()) <= 3 * 36);
        ok((await report.page.locator('.map .note').textContent())?.includes('drawn by account'));
      }),
    ],
    [
      'search finds among 10,000 as it finds among a few: one page, the count of all, and a map of what is left',
      opened(MANY, async (report) => {
        await report.page.locator('#search').fill('reader-17 project-17');
        const wanted = largeReport(MANY).grants.filter(
          (grant) => /reader-17/.test(grant.principal ?? '') && /project-17/.test(grant.consumerProject ?? ''),
        ).length;
        ok(wanted > 0);
        ok((await report.said()).includes(`of ${wanted} grants (10,000 in all)`), await report.said());
        ok(!(await report.page.locator('.map .note').textContent())?.includes('drawn by account'));
      }),
    ],
    [
      'a key press among 10,000 takes at most 15 times what it takes among 1,000, on the same machine',
      async () => {
        const times: number[] = [];
        for (const count of [FEW, MANY]) await opened(count, async (report) => void times.push(await searchLatency(report)))();
        const [few = 0, many = 0] = times;
        console.log(
          `   a key press: ${few.toFixed(1)} ms among 1,000, ${many.toFixed(1)} ms among 10,000 (${(many / few).toFixed(1)} times)`,
        );
        ok(many / few <= 15);
      },
    ],
    [
      'all rows are printed, and afterwards a page is left',
      opened(FEW, async (report) => {
        await report.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
        strictEqual(await report.rows.count(), FEW);
        await report.page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
        strictEqual(await report.rows.count(), 50);
      }),
    ],
  ];
};
