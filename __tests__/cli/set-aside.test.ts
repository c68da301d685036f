import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DETAIL_TYPES } from '../../handler/contract/datazone';
import { DELIVERY_TEST } from '../../handler/contract/requests';
import { disposalOf } from '../../src/cli/requests/set-aside';

const ORIGIN = { id: 'dzd_bc8e1ez8r2a6xz', account: '111111111111' };
const created = JSON.parse(readFileSync(join(__dirname, '../fixtures/events/subscription-created.json'), 'utf8'));
const AT = '2026-01-15T09:30:00Z';
const test = { ...created, source: DELIVERY_TEST.source, 'detail-type': DELIVERY_TEST.detailType };
const tested = { ...test, detail: { metadata: { domain: ORIGIN.id, id: 'a-test' } } };
const request = { kind: 'request', id: 'request-1', at: AT, reason: 'why', command: 'uninstall' };

const of = (body: unknown) => disposalOf(typeof body === 'string' ? body : JSON.stringify(body), ORIGIN);

describe('a message that was set aside', () => {
  it.each([
    ...DETAIL_TYPES.map((type) => [type, { ...created, 'detail-type': type }]),
    ['a replayed event', { ...created, 'replay-name': 'after-the-incident' }],
    ['a delivery test', tested],
    ['a sweep', { kind: 'sweep', at: AT }],
    ['a reconcile', { kind: 'reconcile', at: AT }],
  ])('is sent again as it was: %s', (_, body) => {
    const disposal = of(body);
    expect(disposal.action).toBe('send');
    expect(JSON.parse('body' in disposal ? disposal.body : '')).toEqual(body);
  });

  it.each([
    ['as operators send it', request],
    ['with a command that no version knows', { ...request, command: 'grant-everything' }],
    ['with nothing else', { kind: 'request' }],
    ['with an event around it', { ...created, ...request }],
    ['named twice', '{"kind":"sweep","at":"2026-01-15T09:30:00Z","kind":"request"}'],
  ])('is never sent, and deleted, where it is a request: %s', (_, body) => {
    expect(of(body)).toMatchObject({ action: 'discard', reason: expect.stringContaining('an operator request') });
  });

  it.each([
    ['no JSON', 'no json'],
    ['nothing', ''],
    ['a list', '[1]'],
    [
      'an event of another domain',
      { ...created, detail: { ...created.detail, metadata: { ...created.detail.metadata, domain: 'dzd_other' } } },
    ],
    ['an event of another account', { ...created, account: '999999999999' }],
    ['an event of another source', { ...created, source: 'aws.glue' }],
    ['an event of another type', { ...created, 'detail-type': 'Subscription Request Created' }],
    ['an event with a type of the other source', { ...created, 'detail-type': DELIVERY_TEST.detailType }],
    ['an event with an id that could go into a path', { ...created, detail: { metadata: { domain: ORIGIN.id, id: '../x' } } }],
    ['an event with another member', { ...created, command: 'uninstall' }],
    ['a scheduled message with a command in it', { kind: 'reconcile', at: AT, removals: 1_000_000 }],
    ['a scheduled message without a time', { kind: 'sweep', at: 'now' }],
    ['a kind that no version knows', { kind: 'Request', at: AT }],
  ])('stays where it is, where it is none of ours: %s', (_, body) => {
    expect(of(body)).toMatchObject({ action: 'leave', reason: expect.stringContaining('neither an event') });
  });

  it('stays where it is without a body', () => {
    expect(disposalOf(undefined, ORIGIN)).toEqual({ action: 'leave', reason: 'it has no body' });
  });

  it('is sent as it was checked, not as it was written', () => {
    const twice = `{"kind":"request","command":"uninstall",${JSON.stringify({ kind: 'sweep', at: AT }).slice(1)}`;
    // The last member of a name counts for us; for another reader it could be the first.
    expect(of(twice)).toMatchObject({ action: 'leave' });
    expect(of(`{"kind":"request","kind":"sweep","at":"${AT}"}`)).toEqual({ action: 'send', body: `{"kind":"sweep","at":"${AT}"}` });
  });
});
