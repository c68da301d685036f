import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { pathToFileURL } from 'node:url';
import { isLiveGrant } from '../../src/cli/report/report-data';
import { contrasts } from './contrast';
import { OpenedReport, type Stage } from './opened-report';
import { HOSTILE, smallReport } from './sample-report';

/** A check: what holds, and how it is looked at. */
export type Check = readonly [name: string, look: () => Promise<void>];

const TEXTS = [
  'h1',
  '.note',
  '.count',
  '.state-granted',
  '.state-waiting',
  '.state-refused',
  '#grants .second',
  '.added',
  '.removed',
  '.sort',
];

/** Checks on the report of a deployment as one would be met. */
export const smallReportChecks = (stage: Stage): readonly Check[] => {
  const data = smallReport();
  const total = data.grants.length;
  const opened =
    (look: (report: OpenedReport) => Promise<void>, dark = false) =>
    async () => {
      const report = await OpenedReport.open(stage, { data, name: 'small', dark });
      try {
        await look(report);
        deepStrictEqual(report.complaints, [], 'the console is silent');
        deepStrictEqual(report.requests, [pathToFileURL(`${stage.folder}/small.html`).href], 'nothing but the file is asked for');
      } finally {
        await report.close();
      }
    };
  const count = (of: (grant: (typeof data.grants)[number]) => boolean) => data.grants.filter(of).length;

  return [
    [
      'everything is drawn: figures, map, grants, capacity, waiting, refused, changes',
      opened(async (report) => {
        const { page } = report;
        strictEqual(await report.rows.count(), total);
        strictEqual(await report.said(), `1–${total} of ${total} grants`);
        strictEqual(await page.locator('.figures strong').first().textContent(), String(count(isLiveGrant)));
        strictEqual(await page.locator('#buckets tbody tr').count(), data.buckets.length);
        strictEqual(await page.locator('#waiting tbody tr').count(), 1);
        strictEqual(await page.locator('#refused tbody tr').count(), 1);
        strictEqual(await page.locator('#changes tbody tr').count(), data.changes.length);
        ok((await page.locator('#refused tbody').textContent())?.includes('register the prefix in the deployment'));
        ok((await page.locator('#buckets tbody').textContent())?.includes('19,204 of 20,480 bytes, 94 %'));
      }),
    ],
    [
      'the map shows every project, principal and place that has a live grant, and lines between them',
      opened(async ({ page }) => {
        const distinct = (key: 'consumerProject' | 'principal' | 'location') =>
          new Set(data.grants.filter(isLiveGrant).map((grant) => grant[key])).size;
        strictEqual(await page.locator('.column-0').count(), distinct('consumerProject'));
        strictEqual(await page.locator('.column-1').count(), distinct('principal'));
        strictEqual(await page.locator('.column-2').count(), distinct('location'));
        ok((await page.locator('.link').count()) > distinct('principal'));
        const box = await page.locator('.map svg').boundingBox();
        ok(box !== null && box.width > 800 && box.height > 200, 'it has a size');
        await page.locator('.column-0').first().hover();
        ok((await page.locator('.link.lit').count()) > 0, 'pointing at a project lights up what it reaches');
      }),
    ],
    [
      'search narrows table, count and map, by several words in any case',
      opened(async (report) => {
        const nodes = await report.page.locator('.node').count();
        await report.page.locator('#search').fill('LANE-TRAINER q1 9KQ2');
        strictEqual(await report.rows.count(), 1);
        strictEqual(await report.said(), `1–1 of 1 grant (${total} in all)`);
        strictEqual(await report.page.locator('.node').count(), 3);
        await report.page.locator('#search').fill('nobody has this');
        strictEqual(await report.said(), `No grants (${total} in all)`);
        await report.page.locator('#clear').click();
        strictEqual(await report.rows.count(), total);
        strictEqual(await report.page.locator('.node').count(), nodes);
      }),
    ],
    ...(
      [
        ['state', 'waiting', count(({ state }) => state === 'waiting')],
        ['bucket', 'acme-raw', count(({ bucket }) => bucket === 'acme-raw')],
        ['consumerProject', 'e8g4r2u6p1b9mm', count(({ consumerProject }) => consumerProject === 'e8g4r2u6p1b9mm')],
        ['owningProject', 'c4p1d2o8xk2w7n', count(({ owningProject }) => owningProject === 'c4p1d2o8xk2w7n')],
      ] as const
    ).map(
      ([filter, value, wanted]): Check => [
        `the filter by ${filter} narrows the table, and says how many it has`,
        opened(async (report) => {
          ok(wanted > 0 && wanted < total);
          const select = report.page.locator(`#filter-${filter}`);
          ok((await select.locator(`option[value="${value}"]`).textContent())?.endsWith(`(${wanted})`));
          await select.selectOption(value);
          strictEqual(await report.rows.count(), wanted);
          ok((await report.said()).includes(`of ${wanted} grant`));
        }),
      ],
    ),
    [
      'choosing a box of the map has its grants searched',
      opened(async (report) => {
        await report.page.locator('.column-2').first().click();
        const sought = await report.page.locator('#search').inputValue();
        ok(sought.startsWith('s3://acme-'));
        strictEqual(
          await report.rows.count(),
          count(({ location }) => location?.replace('arn:aws:s3:::', 's3://') === sought),
        );
      }),
    ],
    [
      'hostile names stay text',
      opened(async ({ page }) => {
        ok((await page.locator('#grants tbody').textContent())?.includes(HOSTILE), 'the name is there, as it is');
        await page.locator('#search').fill(HOSTILE);
        ok((await page.locator('#grants tbody tr').count()) > 0, 'and can be searched');
        strictEqual(await page.evaluate('typeof globalThis.hostile'), 'undefined', 'nothing in it ran');
        strictEqual(await page.locator('img, iframe, object, embed, link').count(), 0, 'and nothing was made of it');
        strictEqual(await page.locator('script').count(), 2);
      }),
    ],
    [
      'the content security policy lets no other program run and nothing be fetched',
      async () => {
        const report = await OpenedReport.open(stage, { data, name: 'small' });
        try {
          await report.page.evaluate(() => {
            const script = document.createElement('script');
            script.textContent = 'globalThis.hostile = 1';
            document.body.append(script);
            const image = document.createElement('img');
            image.src = 'http://127.0.0.1:9/pixel';
            document.body.append(image);
          });
          strictEqual(await report.page.evaluate('typeof globalThis.hostile'), 'undefined');
          strictEqual(await report.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')"), 'refused');
          ok(
            report.complaints.filter((complaint) => complaint.includes('Content Security Policy')).length >= 3,
            report.complaints.join('\n'),
          );
        } finally {
          await report.close();
        }
      },
    ],
    ...[false, true].map(
      (dark): Check => [
        `${dark ? 'dark' : 'light'} where the system is, with a contrast of 4.5 at least`,
        opened(async ({ page }) => {
          const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
          strictEqual(ground, dark ? 'rgb(14, 19, 26)' : 'rgb(244, 246, 249)');
          for (const { selector, ratio } of await contrasts(page, TEXTS))
            ok(ratio >= 4.5, `${selector} has a contrast of ${ratio.toFixed(2)}`);
        }, dark),
      ],
    ),
    [
      'on paper there is every row, no control, and black on white even where the system is dark',
      opened(async (report) => {
        const { page } = report;
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        strictEqual(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(0, 0, 0)');
        strictEqual(await page.locator('.filters').isVisible(), false);
        strictEqual(await page.locator('.map svg').isVisible(), true);
        const pdf = await page.pdf({ preferCSSPageSize: true });
        ok(pdf.subarray(0, 5).toString() === '%PDF-' && pdf.length > 20_000);
      }, true),
    ],
    [
      'every control has a name, and every table a caption',
      opened(async ({ page }) => {
        const nameless = await page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>('button, select, input, a, [role=button], [role=region]')]
            .filter((control) => {
              const labels = control instanceof HTMLInputElement || control instanceof HTMLSelectElement ? control.labels : null;
              const label = labels?.[0]?.textContent ?? control.getAttribute('aria-label') ?? control.textContent;
              return (label ?? '').trim() === '';
            })
            .map(({ outerHTML }) => outerHTML),
        );
        deepStrictEqual(nameless, []);
        strictEqual(await page.locator('table').count(), await page.locator('table > caption').count());
        strictEqual(await page.locator('h1').count(), 1);
      }),
    ],
  ];
};
