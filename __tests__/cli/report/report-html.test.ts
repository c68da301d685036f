import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { bundleReportPage } from '../../../src/build/bundle-report-page';
import { reportChange } from '../../../src/cli/report/collect-report';
import type { ReportData } from '../../../src/cli/report/report-data';
import { embeddedJson, escapeHtml, reportHtml } from '../../../src/cli/report/report-html';
import { law } from '../../handler/core/property';
import { changed, reported } from './reported';

const MISLEADING = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];

const HOSTILE = '</script><img src=x onerror=alert(1)><!--<script>\u2028&amp;';

const data = (listing: string, deployment = 'acme'): ReportData => ({
  ...{ deployment, generatedAt: '2026-03-01T12:00:00.000Z', changesSince: '2026-02-01T12:00:00.000Z' },
  ...{ grants: [reported({ listing })], buckets: [], changes: [], unreadable: [] },
});

describe('the HTML of a report', () => {
  law('embeds every text so that nothing in it ends the element, and JSON reads it back', fc.string({ unit: 'binary' }), (text) => {
    const embedded = embeddedJson({ text });
    expect(embedded).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(embedded)).toEqual(JSON.parse(JSON.stringify({ text })));
  });

  law('shows no character that could mislead, whatever its data hold', fc.string({ unit: 'binary' }), (text) => {
    const fields = { listing: text, principal: text, consumerProjectName: text, sentence: text, bucket: text, subscription: text };
    const change = { ...reportChange(changed(1)), residualAccess: [text], added: [text], by: text, reason: text };
    const all = { ...data(text, text), grants: [reported(fields)], changes: [change] };
    const html = reportHtml(all, { script: '', style: '' });
    expect(html.replaceAll('\n', '')).not.toMatch(MISLEADING);
    const [, embedded = ''] = /id="report-data">(.*?)<\/script>/.exec(html) ?? [];
    expect(textsIn(JSON.parse(embedded)).filter((shown) => MISLEADING.test(shown))).toEqual([]);
    expect(html.split('\n')).toHaveLength(reportHtml(data('x'), { script: '', style: '' }).split('\n').length);
  });

  it('keeps an override of the direction of text out of its cells, and cuts off a text of 1 MB', () => {
    const page = { script: '', style: '' };
    expect(reportHtml(data('invoices \u202efdp.exe'), page)).toContain('"listing":"invoices ?fdp.exe"');
    expect(reportHtml(data('\u202e'.repeat(1_000_000)), page).length).toBeLessThan(10_000);
  });

  it('escapes what stands in markup', () => {
    expect(escapeHtml(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;');
    expect(reportHtml(data('x', HOSTILE), { script: '', style: '' })).not.toContain('<img');
  });

  const page = bundleReportPage();
  const html = reportHtml(data(HOSTILE), page);

  it('has two scripts, data and program, and no markup of the data', () => {
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<!--');
  });

  it('allows exactly its own program and style, and nothing from anywhere', () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('base64');
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    expect(policy?.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; script-src 'sha256-${hash(page.script)}'; style-src 'sha256-${hash(page.style)}'; base-uri 'none'; form-action 'none'`,
    );
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\/|@import|url\(/);
    expect(page.script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|fetch\(|XMLHttpRequest|WebSocket/);
  });

  it('is refused where program or style would end their element', () => {
    expect(() => reportHtml(data('x'), { script: 'a = "</script>"', style: '' })).toThrow('end tag');
    expect(() => reportHtml(data('x'), { script: '', style: '</STYLE>' })).toThrow('end tag');
  });
});
