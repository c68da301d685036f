import type { ReportPage } from './report-html';

/** The page as `src/build/bundle-cli.ts` puts it into the published bundle, as JSON; not there when run from the sources. */
declare const REPORT_PAGE: string | undefined;

/** Program and style of the report: from the bundle, or bundled now when the command line runs from its sources. */
export const reportPage = async (): Promise<ReportPage> => {
  if (typeof REPORT_PAGE === 'string') return JSON.parse(REPORT_PAGE);
  const { bundleReportPage } = await import('../../build/bundle-report-page');
  return bundleReportPage();
};
