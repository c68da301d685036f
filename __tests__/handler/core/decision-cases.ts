import { BOUNDS } from '../../../handler/core/bounds';
import { MOST_TARGETS } from '../../../handler/core/limits';
import { refused } from '../../../handler/core/outcome';
import type { DecisionRules, ResolvedSubscription } from '../../../handler/core/subscription/decision';
import { asset, bucket, PRODUCER, record, registry, resolved, role, rules, target } from './builders';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const READER = role('reader');

/** What is known of a subscription, by which rules it is decided, and the decision in short. */
export type DecisionCase = { name: string; resolved: ResolvedSubscription; by?: DecisionRules; expected: unknown };
const granted = { assets: ['runs/'], principals: ['reader'] };
export const approvedCases: readonly DecisionCase[] = [
  { name: 'is granted', resolved: resolved(), expected: granted },
  { name: 'is granted as recorded at its approval', resolved: resolved({ record: record() }), expected: granted },
  { name: 'is decided though its record knows no assets yet', resolved: resolved({ record: record({ assets: [] }) }), expected: granted },
  { name: 'without S3 assets is not ours', resolved: resolved({ assets: [] }), expected: 'ignored' },
  {
    name: 'without S3 assets, never ours, is not ours',
    resolved: resolved({ assets: [], record: record({ assets: [] }) }),
    expected: 'ignored',
  },
  {
    name: 'whose S3 assets are gone keeps what it has',
    resolved: resolved({ assets: [], record: record() }),
    expected: { assets: [], principals: ['reader'] },
  },
  { name: 'that an event says ended is looked at again', resolved: resolved({ saidToHaveEnded: true }), expected: 'hold: disagreement' },
  {
    name: 'that is not ours is not ours, whatever an event says',
    resolved: resolved({ assets: [], saidToHaveEnded: true }),
    expected: 'ignored',
  },
  { name: 'that ended once stays ended', resolved: resolved({ record: record({ ended: 'revoked' }) }), expected: 'end: revoked' },
  { name: 'that expired stays ended', resolved: resolved({ record: record({ ended: 'expired' }) }), expected: 'end: expired' },
  {
    name: 'that was retained once stays retained',
    resolved: resolved({ record: record({ ended: 'retained' }) }),
    expected: 'end: retained',
  },
  {
    name: 'of a user is refused',
    resolved: resolved({ subscription: { subscriber: { kind: 'user', id: 'u1' } } }),
    expected: 'refuse: subscriber-unsupported',
  },
  {
    name: 'of a group is refused',
    resolved: resolved({ subscription: { subscriber: { kind: 'group', id: 'g1' } } }),
    expected: 'refuse: subscriber-unsupported',
  },
  {
    name: 'of an unknown kind of subscriber is refused',
    resolved: resolved({ subscription: { subscriber: { kind: 'unknown', id: '?' } } }),
    expected: 'refuse: subscriber-unsupported',
  },
  {
    name: 'of an IAM principal grants it where its account is listed',
    resolved: resolved({ subscription: { subscriber: { kind: 'iam', arn: READER } }, targets: [] }),
    by: rules({ registry: registry(undefined, ['333333333333']) }),
    expected: granted,
  },
  {
    name: 'of an IAM principal refuses it where its account is not listed',
    resolved: resolved({ subscription: { subscriber: { kind: 'iam', arn: READER } } }),
    expected: { assets: ['runs/'], principals: ['reader: principal-account-not-allowed'] },
  },
  {
    name: 'without a target waits for one',
    resolved: resolved({ targets: [] }),
    expected: { assets: ['runs/'], principals: [], waiting: 'no-subscription-target' },
  },
  {
    name: 'with a target that names nobody waits',
    resolved: resolved({ targets: [target('t', [])] }),
    expected: { assets: ['runs/'], principals: [], waiting: 'no-subscription-target' },
  },
  {
    name: 'refuses the principals that may not enter, and no others',
    resolved: resolved({ targets: [target('t', [READER, 'arn:aws:iam::333333333333:root', role('far', '555555555555')])] }),
    expected: {
      assets: ['runs/'],
      principals: ['reader', 'arn:aws:iam::333333333333:root: principal-not-grantable', 'far: principal-account-not-allowed'],
    },
  },
  {
    name: 'takes principals of listed accounts',
    resolved: resolved({ targets: [target('t', [role('far', '555555555555')])] }),
    by: rules({ registry: registry(undefined, ['555555555555']) }),
    expected: { assets: ['runs/'], principals: ['far'] },
  },
  {
    name: 'takes nobody from an environment whose account is unknown',
    resolved: resolved({ targets: [target('t', [READER], { account: undefined })] }),
    expected: { assets: ['runs/'], principals: ['reader: principal-account-not-allowed'] },
  },
  {
    name: 'refuses a place whose form cannot be read',
    resolved: resolved({ assets: [{ assetId: 'asset1', owningProject: PRODUCER, forms: [] }] }),
    expected: { assets: ['location-invalid'], principals: ['reader'] },
  },
  {
    name: 'refuses a place with a wildcard',
    resolved: resolved({ assets: [asset(`${RUNS}*`)] }),
    expected: { assets: ['location-invalid'], principals: ['reader'] },
  },
  {
    name: 'refuses an access point',
    resolved: resolved({ assets: [asset('arn:aws:s3:eu-west-1:222222222222:accesspoint/ap')] }),
    expected: { assets: ['location-unsupported'], principals: ['reader'] },
  },
  {
    name: 'refuses a retiring bucket',
    resolved: resolved(),
    by: rules({ registry: registry(bucket({ 'runs/': [PRODUCER] }, { state: 'retiring' })) }),
    expected: { assets: ['bucket-retiring'], principals: ['reader'] },
  },
  {
    name: 'decides each asset of a data product by its own project',
    resolved: resolved({ assets: [asset(RUNS), asset(`${RUNS}b/`, { id: 'asset2', owningProject: 'stranger' })] }),
    expected: { assets: ['runs/', 'project-may-not-publish'], principals: ['reader'] },
  },
  {
    name: 'is not moved when its place changed',
    resolved: resolved({ assets: [asset(`${RUNS}b/`)], record: record() }),
    expected: { assets: ['location-changed'], principals: ['reader'] },
  },
  {
    name: 'is not moved when its place can no longer be read',
    resolved: resolved({ assets: [{ assetId: 'asset1', owningProject: PRODUCER, forms: [] }], record: record() }),
    expected: { assets: ['location-changed'], principals: ['reader'] },
  },
  {
    name: 'is not moved to a place that could not be read at its approval',
    resolved: resolved({
      record: record({
        assets: [{ assetId: 'asset1', owningProject: PRODUCER, published: { refusal: refused('location-invalid', 'none') } }],
      }),
    }),
    expected: { assets: ['location-changed'], principals: ['reader'] },
  },
  {
    name: 'stays refused as it was, though we word it differently now',
    resolved: resolved({
      assets: [{ assetId: 'asset1', owningProject: PRODUCER, forms: [] }],
      record: record({
        assets: [{ assetId: 'asset1', owningProject: PRODUCER, published: { refusal: refused('location-invalid', 'older words') } }],
      }),
    }),
    expected: { assets: ['location-invalid'], principals: ['reader'] },
  },
  {
    name: 'does not follow a data product to a new asset',
    resolved: resolved({ assets: [asset(RUNS), asset(`${RUNS}b/`, { id: 'asset2' })], record: record() }),
    expected: { assets: ['location-changed'], principals: ['reader'] },
  },
  {
    name: 'keeps the rest of a data product that lost an asset',
    resolved: resolved({
      record: record({ assets: [...record().assets, { assetId: 'asset2', owningProject: PRODUCER, published: { arn: `${RUNS}b/` } }] }),
    }),
    expected: granted,
  },
];

const many = <Value>(count: number, make: (index: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, index) => make(index));
const assets = (count: number) => many(count, (index) => asset(`${RUNS}${index}/`, { id: `asset${index}` }));
const targets = (count: number) => many(count, (index) => target(`t${index}`, [READER]));

export const limitCases: readonly DecisionCase[] = [
  {
    name: 'as many S3 assets as one subscription may grant is granted',
    resolved: resolved({ assets: assets(BOUNDS.assetsPerProduct) }),
    expected: { assets: many(BOUNDS.assetsPerProduct, (index) => `runs/${index}/`), principals: ['reader'] },
  },
  {
    name: 'one S3 asset more is refused',
    resolved: resolved({ assets: assets(BOUNDS.assetsPerProduct + 1) }),
    expected: 'refuse: limit-exceeded',
  },
  { name: 'as many targets as are read is granted', resolved: resolved({ targets: targets(MOST_TARGETS) }), expected: granted },
  { name: 'one target more is refused', resolved: resolved({ targets: targets(MOST_TARGETS + 1) }), expected: 'refuse: limit-exceeded' },
  {
    name: 'too much of everything that ended ends all the same',
    resolved: resolved({
      assets: assets(BOUNDS.assetsPerProduct + 1),
      targets: targets(MOST_TARGETS + 1),
      subscription: { status: 'REVOKED' },
    }),
    expected: 'end: revoked',
  },
];

export const endedCases: readonly DecisionCase[] = [
  { name: 'cancelled ends', resolved: resolved({ subscription: { status: 'CANCELLED' } }), expected: 'end: revoked' },
  { name: 'revoked ends', resolved: resolved({ subscription: { status: 'REVOKED' } }), expected: 'end: revoked' },
  {
    name: 'revoked ends retained if the owner chose so',
    resolved: resolved({ subscription: { status: 'REVOKED', retainPermissions: true } }),
    expected: 'end: retained',
  },
  {
    name: 'cancelled never ends retained',
    resolved: resolved({ subscription: { status: 'CANCELLED', retainPermissions: true } }),
    expected: 'end: revoked',
  },
  {
    name: 'ends by what is recorded, though its assets are gone',
    resolved: resolved({ subscription: { status: 'REVOKED' }, assets: [], record: record() }),
    expected: 'end: revoked',
  },
  {
    name: 'is not ours if it never had an S3 asset',
    resolved: resolved({ subscription: { status: 'REVOKED' }, assets: [] }),
    expected: 'ignored',
  },
  {
    name: 'stays revoked, though DataZone now says retained',
    resolved: resolved({ subscription: { status: 'REVOKED', retainPermissions: true }, record: record({ ended: 'revoked' }) }),
    expected: 'end: revoked',
  },
];
