import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { OpenedReport, type Stage } from './opened-report';
import { largeReport, smallReport } from './sample-report';
import type { Check } from './small-report-checks';

const opened = (stage: Stage, name: string, look: (report: OpenedReport) => Promise<void>) => async () => {
  const report = await OpenedReport.open(stage, { data: name === 'small' ? smallReport() : largeReport(500), name });
  try {
    await look(report);
    deepStrictEqual(report.complaints, []);
  } finally {
    await report.close();
  }
};

/** Everything without a pointer. */
export const keyboardChecks = (stage: Stage): readonly Check[] => [
  [
    'Tab goes from the link past the map through search, filters and the heads of columns, in the order in which they stand',
    opened(stage, 'small', async (report) => {
      const { keyboard } = report.page;
      const stops: string[] = [];
      for (let press = 0; press < 20; press++) {
        await keyboard.press('Tab');
        stops.push(await report.focused());
      }
      strictEqual(stops[0], 'skip');
      const order = [
        'node column-0',
        'search',
        'filter-state',
        'filter-bucket',
        'filter-consumerProject',
        'filter-owningProject',
        'clear',
        'scroller',
        'sort',
      ];
      const found = order.map((stop) =>
        stops.findIndex((one, index) => one.startsWith(stop) && (stop !== 'scroller' || index > stops.indexOf('clear'))),
      );
      ok(
        found.every((place, index) => place >= 0 && place > (found[index - 1] ?? -1)),
        stops.join(', '),
      );
    }),
  ],
  [
    'Enter on the head of a column sorts by it, and once more the other way round',
    opened(stage, 'small', async (report) => {
      const head = report.page.locator('#grants th', { hasText: 'Principal' });
      await head.locator('button').focus();
      await report.page.keyboard.press('Enter');
      strictEqual(await head.getAttribute('aria-sort'), 'ascending');
      const ascending = (await report.column(2)).filter((name) => name !== '');
      deepStrictEqual(ascending, [...ascending].sort());
      await report.page.keyboard.press('Enter');
      strictEqual(await head.getAttribute('aria-sort'), 'descending');
      deepStrictEqual(
        (await report.column(2)).filter((name) => name !== ''),
        [...ascending].reverse(),
      );
      strictEqual(await report.page.locator('#grants th[aria-sort="none"]').count(), 7);
      strictEqual(await report.focused(), 'sort');
    }),
  ],
  [
    'arrows go about in the map, and Enter searches for where they are',
    opened(stage, 'small', async (report) => {
      const { keyboard, page } = { keyboard: report.page.keyboard, page: report.page };
      await page.locator('.node[tabindex="0"]').focus();
      await keyboard.press('ArrowRight');
      strictEqual(await report.focused(), 'node column-1 lit');
      await keyboard.press('ArrowDown');
      strictEqual(await page.locator('.node[tabindex="0"]').count(), 1);
      await keyboard.press('Enter');
      strictEqual(await report.focused(), 'search');
      ok((await page.locator('#search').inputValue()).startsWith('arn:aws:iam::'));
      ok((await report.rows.count()) < smallReport().grants.length);
    }),
  ],
  [
    'pages are turned with Enter, to the last one and no further, and the focus stays',
    opened(stage, 'paged', async (report) => {
      const next = report.page.locator('#grants button', { hasText: 'Next page' });
      await next.focus();
      for (let press = 0; press < 12; press++) await report.page.keyboard.press('Enter');
      strictEqual(await report.said(), '451–500 of 500 grants');
      strictEqual(await next.getAttribute('aria-disabled'), 'true');
      strictEqual(await next.evaluate((button) => button === document.activeElement), true);
    }),
  ],
];
