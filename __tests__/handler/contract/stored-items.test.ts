import { marshall } from '@aws-sdk/util-dynamodb';
import { valuesOf } from '../../../handler/adapters/ledger/item-values';
import {
  announcedTexts,
  failureFromItem,
  failureKey,
  failureToItem,
  grantFromItem,
  grantItemKey,
  grantToItem,
  historyFromItem,
  historyToItem,
  recordFromItem,
  recordKey,
  recordToItem,
  settledGrantKey,
  stateFromItem,
  stateKey,
} from '../../../handler/adapters/ledger/items';
import { planFromItem, requestFromItem } from '../../../handler/adapters/ledger/operations';
import type { Item } from '../../../handler/adapters/ledger/stored';
import { LEDGER, LEDGER_KEYS } from '../../../handler/contract/ledger-keys';
import { type ItemKey, UnreadableItem } from '../../../handler/errors';
import { FAILURES, GRANT, HISTORY, PLAN_LINE, RECORD, REQUEST, STATE } from '../core/stored-examples';

const at = ({ partition, sort }: ItemKey): Item => ({ [LEDGER.partitionKey]: partition, [LEDGER.sortKey]: sort });
const { request, ...result } = REQUEST;
const stored = { grant: GRANT, revision: 3 };
const { intended, ...rest } = STATE;
const stateItem: Item = {
  ...at(stateKey('acme-raw')),
  schema: 1,
  ...rest,
  written: JSON.stringify(STATE.written),
  ...(intended === undefined ? {} : announcedTexts(intended)),
};

type Kind = {
  readonly name: string;
  readonly item: Item;
  readonly read: (item: Item) => unknown;
  readonly value: unknown;
  /** Attributes of JSON text. */
  readonly texts: readonly string[];
  /** Other attributes on which what is read depends. */
  readonly attributes: readonly string[];
};

const KINDS: readonly Kind[] = [
  {
    name: 'a subscription',
    item: { ...at(recordKey('s1')), ...recordToItem(RECORD) },
    read: recordFromItem,
    value: RECORD,
    texts: ['record'],
    attributes: ['pk', 'schema', 'revision'],
  },
  {
    name: 'a grant',
    item: { ...at(grantItemKey(GRANT)), ...grantToItem(stored) },
    read: (item) => grantFromItem(item),
    value: stored,
    texts: ['grant'],
    attributes: ['pk', 'sk', 'schema', 'revision', 'targets'],
  },
  {
    name: 'a settled grant',
    item: { ...at(settledGrantKey(GRANT)), ...grantToItem(stored) },
    read: (item) => grantFromItem(item, settledGrantKey),
    value: stored,
    texts: ['grant'],
    attributes: ['pk', 'sk', 'schema', 'revision', 'targets'],
  },
  {
    name: "a bucket's state",
    item: stateItem,
    read: stateFromItem,
    value: STATE,
    texts: ['written', 'intended', 'previousPolicy'],
    attributes: ['schema', 'version', 'attempt', 'bytes', 'writtenAt', 'overwrites', 'goneSince', 'frozen', 'contended'],
  },
  {
    name: 'a change of the history',
    item: { ...at({ partition: 'bucket#acme-raw', sort: LEDGER_KEYS.history(12) }), ...historyToItem(HISTORY) },
    read: historyFromItem,
    value: HISTORY,
    texts: ['record'],
    attributes: ['pk', 'sk', 'schema'],
  },
  ...FAILURES.map((failure) => ({
    name: `a failure of a ${failure.unit.kind}`,
    item: { ...at(failureKey(failure.unit)), ...failureToItem(failure) },
    read: failureFromItem,
    value: failure,
    texts: ['failure'],
    attributes: ['pk', 'sk', 'schema'],
  })),
  {
    name: 'a request',
    item: {
      ...at({ partition: LEDGER_KEYS.request(request.id), sort: LEDGER_KEYS.requestState }),
      ...{ schema: 1, revision: 2, state: 'done', request: JSON.stringify(request), result: JSON.stringify(result) },
    },
    read: requestFromItem,
    value: REQUEST,
    texts: ['request', 'result'],
    attributes: ['pk', 'schema', 'revision', 'state'],
  },
  {
    name: 'a part of a plan',
    item: { ...at({ partition: 'request#r', sort: LEDGER_KEYS.plan(0) }), schema: 1, lines: JSON.stringify([PLAN_LINE]) },
    read: planFromItem,
    value: [PLAN_LINE],
    texts: ['lines'],
    attributes: [],
  },
];

/** What reading throws; anything but `UnreadableItem` is a defect. */
const errorOf = (read: () => unknown): unknown => {
  try {
    return { read: read() };
  } catch (error) {
    return error;
  }
};

const expectUnreadable = ({ read }: Kind, item: Item): void => {
  const error = errorOf(() => read(item));
  expect(error).toBeInstanceOf(UnreadableItem);
  if (error instanceof UnreadableItem) expect(error.item).toEqual({ partition: String(item['pk']), sort: String(item['sk']) });
};

describe.each(KINDS)('$name', (kind) => {
  const { item, read, value, texts, attributes } = kind;

  it('is read as it was written, also from the table', () => {
    expect(read(item)).toEqual(value);
    expect(read(valuesOf(marshall(item, { removeUndefinedValues: true })))).toEqual(value);
  });

  it.each(['{', '[]', '7', 'null', '"text"', '', '{"__proto__":{}}'])('is unreadable with %s in place of a text', (text) => {
    for (const name of texts) {
      // A policy is any text, or none.
      if (name === 'previousPolicy' && (text === 'null' || text === '"text"')) continue;
      if ((name === 'written' || name === 'lines') && text === '[]') continue;
      expectUnreadable(kind, { ...item, [name]: text });
    }
  });

  it('is unreadable if an attribute is missing, or holds another value', () => {
    for (const name of attributes) {
      for (const odd of [null, 'odd', -1, 1.5, { odd: true }]) {
        // Any text names an attempt.
        if (name === 'attempt' && odd === 'odd') continue;
        expectUnreadable(kind, { ...item, [name]: odd });
      }
    }
  });

  it('is unreadable if a text, or an attribute that it must have, is missing', () => {
    const optional = ['written', 'intended', 'bytes', 'writtenAt', 'overwrites', 'goneSince', 'frozen', 'contended'];
    for (const name of [...texts, ...attributes].filter((one) => !optional.includes(one))) {
      const { [name]: _, ...without } = item;
      expectUnreadable(kind, without);
    }
  });

  it('is unreadable if one member of a text is of another kind', () => {
    for (const name of texts.filter((one) => one !== 'previousPolicy')) {
      const text: unknown = JSON.parse(String(item[name]));
      const whole = Array.isArray(text) ? text[0] : text;
      // Our own statements are compared, and never trusted; see `policy-equality`.
      if (name === 'written') continue;
      for (const member of Object.keys(whole)) {
        const changed = { ...whole, [member]: [[null]] };
        expectUnreadable(kind, { ...item, [name]: JSON.stringify(Array.isArray(text) ? [changed] : changed) });
      }
    }
  });

  it('keeps a member that a later version added', () => {
    const [name] = texts;
    if (name === undefined || name === 'written' || name === 'request' || name === 'lines') return;
    const later = { ...JSON.parse(String(item[name])), added: { later: [1] } };
    expect(JSON.stringify(read({ ...item, [name]: JSON.stringify(later) }))).toContain('"added":{"later":[1]}');
  });

  it('is unreadable with a number that JavaScript cannot hold', () => {
    const values = marshall(item, { removeUndefinedValues: true });
    expectUnreadable(kind, valuesOf({ ...values, odd: { N: '123456789012345678901.5' } }));
    for (const name of attributes.filter((one) => typeof item[one] === 'number'))
      expectUnreadable(kind, valuesOf({ ...values, [name]: { N: '123456789012345678901234567890' } }));
  });
});

describe('a grant in a form that policies must not be compiled from', () => {
  const kind = KINDS[1];
  if (kind === undefined) throw new Error('no grant');
  const document = JSON.parse(String(kind.item['grant']));
  const [entry] = document.principals;
  const changed = (change: object): Item => ({ ...kind.item, grant: JSON.stringify({ ...document, ...change }) });
  const naming = (arn: string) => changed({ principals: [{ ...entry, arn }] });

  it.each([
    ['of another bucket', changed({ location: 'arn:aws:s3:::acme-even/runs/' })],
    ['of another location', changed({ location: 'arn:aws:s3:::acme-raw/runs/b/' })],
    ['of another subscription', changed({ subscriptionId: 's2' })],
    ['of a location with a wildcard', changed({ location: 'arn:aws:s3:::acme-raw/*' })],
    ['of a partition that AWS does not have', changed({ location: 'arn:*:s3:::acme-raw/runs/', principals: [] })],
    ['of everyone', naming('*')],
    ['of a whole account', naming('arn:aws:iam::333333333333:root')],
    ['of a service-linked role', naming('arn:aws:iam::333333333333:role/aws-service-role/s3.amazonaws.com/r')],
    ['of a role of another partition', naming('arn:aws-cn:iam::333333333333:role/r')],
    ['of a principal that is there twice', changed({ principals: [entry, { ...entry, state: 'revoked' }] })],
    ['of a target that is not in its list', changed({ principals: [{ ...entry, targets: ['7'] }] })],
    ['of a target that is no number', changed({ principals: [{ ...entry, targets: ['__proto__'] }] })],
  ])('%s is unreadable', (_what, item) => {
    expectUnreadable(kind, item);
  });
});

it('a state that announces a change without the policy before it is unreadable', () => {
  const { previousPolicy: _, ...without } = stateItem;
  expect(() => stateFromItem(without)).toThrow(UnreadableItem);
});

it('targets are stored once, however many principals they name', () => {
  const target = `env1/${'t'.repeat(36)}`;
  const principals = Array.from({ length: 100 }, (_, index) => ({
    arn: `arn:aws:iam::333333333333:role/r${index}`,
    state: 'granted' as const,
    since: '2026-01-15T09:30:00.000Z',
    targets: [target],
  }));
  const item = grantToItem({ grant: { ...GRANT, principals }, revision: 1 });
  expect(JSON.stringify(item).split(target)).toHaveLength(2);
  expect(grantFromItem({ ...at(grantItemKey(GRANT)), ...item }).grant.principals).toEqual(principals);
});
