import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import type { ReportData } from '../../src/cli/report/report-data';
import { type ReportPage, reportHtml } from '../../src/cli/report/report-html';

/** Where reports are written to, and what they are opened in. */
export interface Stage {
  readonly browser: Browser;
  readonly folder: string;
  readonly bundled: ReportPage;
}

/** Milliseconds after which a step in the browser has hung: far more than a slow machine takes. */
export const NO_HURRY = 10 * 60_000;

/** A report as it is open in the browser, with everything that it said or asked for. */
export class OpenedReport {
  private constructor(
    readonly page: Page,
    /** Errors and warnings on the console, and exceptions; a break of the content security policy is one of them. */
    readonly complaints: readonly string[],
    /** Addresses that were asked for, the file's own first. */
    readonly requests: readonly string[],
    /** Milliseconds from opening the file until it is drawn. */
    readonly drawnIn: number,
  ) {}

  static async open(
    { browser, folder, bundled }: Stage,
    { data, name, dark = false }: { data: ReportData; name: string; dark?: boolean },
  ): Promise<OpenedReport> {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, reportHtml(data, bundled));
    const page = await browser.newPage({ viewport: { width: 1360, height: 900 }, colorScheme: dark ? 'dark' : 'light' });
    page.setDefaultTimeout(NO_HURRY);
    // What the runner compiles tests with calls this around named functions, in those that are sent to the page too.
    await page.addInitScript('globalThis.__name ??= (value) => value');
    const [complaints, requests]: [string[], string[]] = [[], []];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    const begun = performance.now();
    await page.goto(pathToFileURL(file).href);
    await page.locator('#grants tbody tr').first().waitFor();
    return new OpenedReport(page, complaints, requests, performance.now() - begun);
  }

  get rows(): Locator {
    return this.page.locator('#grants tbody tr');
  }

  /** What the table of grants says it shows. */
  async said(): Promise<string> {
    return (await this.page.locator('#grants .count').textContent()) ?? '';
  }

  /** Texts of one column of the grants on this page. */
  column(number: number): Promise<readonly string[]> {
    return this.page.locator(`#grants tbody td:nth-child(${number}) :is(.first, time)`).allTextContents();
  }

  /** Id, or class, of the element that has the focus. */
  focused(): Promise<string> {
    return this.page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.id || activeElement?.getAttribute('class') || activeElement?.tagName || '';
    });
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
