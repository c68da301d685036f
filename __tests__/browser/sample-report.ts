import type { ReportBucket, ReportChange, ReportData, ReportGrant } from '../../src/cli/report/report-data';

const GENERATED = '2026-03-31T08:15:00.000Z';

/** A listing's name by which somebody tries to get a program into the report. */
export const HOSTILE = '</script><img src=x onerror="globalThis.hostile=1"><!--<script>globalThis.hostile=1</script>';

const PRODUCERS = [
  { owningProject: '5a3se66qm88947', owningProjectName: 'Perception recordings' },
  { owningProject: 'c4p1d2o8xk2w7n', owningProjectName: 'Microscopy' },
  { owningProject: 'a9m3k7z1q5r2tt', owningProjectName: 'Contracts archive' },
] as const;
const CONSUMERS = [
  {
    consumerProject: '6oy92hwk937pgn',
    consumerProjectName: 'Lane detection',
    account: '333333333333',
    roles: ['lane-trainer', 'lane-notebook'],
  },
  { consumerProject: 'b7h2n4v6j8d3ss', consumerProjectName: 'Cell counting', account: '444444444444', roles: ['cell-pipeline'] },
  {
    consumerProject: 'd1f5t9w3y7c6kk',
    consumerProjectName: 'Legal search',
    account: '555555555555',
    roles: ['legal-indexer', 'legal-reader'],
  },
  { consumerProject: 'e8g4r2u6p1b9mm', consumerProjectName: 'Model evaluation', account: '333333333333', roles: ['evaluator'] },
] as const;

const ASSETS = [
  { bucket: 'acme-raw', path: 'runs/2026-q1/', listing: 'Drive recordings Q1', producer: 0, consumers: [0, 3] },
  { bucket: 'acme-raw', path: 'runs/2025-q4/', listing: 'Drive recordings Q4', producer: 0, consumers: [0] },
  { bucket: 'acme-raw', path: 'labels/lanes/', listing: 'Lane labels', producer: 0, consumers: [0, 3] },
  { bucket: 'acme-microscopy', path: 'plates/', listing: 'Cell culture plates', producer: 1, consumers: [1, 3] },
  { bucket: 'acme-microscopy', path: 'stains/h-and-e/', listing: 'H&E stains', producer: 1, consumers: [1] },
  { bucket: 'acme-contracts', path: 'signed/', listing: 'Signed contracts', producer: 2, consumers: [2] },
  { bucket: 'acme-contracts', path: 'templates/', listing: HOSTILE, producer: 2, consumers: [2, 1] },
] as const;

const placed = ({ bucket, path }: { readonly bucket: string; readonly path: string }) => `arn:aws:s3:::${bucket}/${path}`;

const granted = (): readonly ReportGrant[] =>
  ASSETS.flatMap((asset, index) =>
    asset.consumers.flatMap((consumer) => {
      const { roles, account, ...project } = CONSUMERS[consumer];
      return roles.map((role) => ({
        ...project,
        ...PRODUCERS[asset.producer],
        subscription: `9kq2mdm${index}${consumer}nr5uf`,
        state: index === 1 ? 'retained' : 'granted',
        principal: `arn:aws:iam::${account}:role/datazone/${role}`,
        location: placed(asset),
        bucket: asset.bucket,
        listing: asset.listing,
        requestedBy: 'm.ortiz',
        approvedBy: index % 2 === 0 ? 'j.lindqvist' : 's.okafor',
        approvedAt: `2026-03-${10 + index}T09:00:00.000Z`,
        since: `2026-03-${10 + index}T09:00:${10 + consumer}.000Z`,
      }));
    }),
  );

const unsettled: readonly ReportGrant[] = [
  {
    ...PRODUCERS[1],
    subscription: '4tz8w1refused1',
    state: 'refused',
    code: 'prefix-not-registered',
    sentence:
      "'arn:aws:s3:::acme-microscopy/private/' lies in no registered prefix of bucket 'acme-microscopy' ('plates/', 'stains/'); register the prefix in the deployment, or publish within one of these",
    location: 'arn:aws:s3:::acme-microscopy/private/',
    bucket: 'acme-microscopy',
    consumerProject: 'b7h2n4v6j8d3ss',
    consumerProjectName: 'Cell counting',
    listing: 'Unreleased plates',
    requestedBy: 'm.ortiz',
    approvedBy: 's.okafor',
    since: '2026-03-28T14:02:00.000Z',
  },
  {
    ...PRODUCERS[0],
    subscription: '4tz8w1waiting1',
    state: 'waiting',
    code: 'no-subscription-target',
    sentence: "project 'd1f5t9w3y7c6kk' has no subscription target for S3 assets yet; create one with its roles as authorized principals",
    location: 'arn:aws:s3:::acme-raw/runs/2026-q1/',
    bucket: 'acme-raw',
    consumerProject: 'd1f5t9w3y7c6kk',
    consumerProjectName: 'Legal search',
    listing: 'Drive recordings Q1',
    requestedBy: 'a.varga',
    approvedBy: 'j.lindqvist',
    since: '2026-03-31T07:41:00.000Z',
  },
];

const revoked = (): readonly ReportGrant[] => {
  const [first] = granted();
  return first === undefined
    ? []
    : [
        {
          ...first,
          subscription: '2rv0kedaa11bb2',
          state: 'revoked',
          endedBy: 'AROAEXAMPLEOPERATOR01:olga',
          endReason: 'contract ended',
          since: '2026-03-20T10:00:00.000Z',
        },
      ];
};

const BUCKETS: readonly ReportBucket[] = [
  bucket('acme-raw', { prefixes: ['runs/', 'labels/'], policyBytes: 7_412 }),
  bucket('acme-microscopy', { prefixes: ['plates/', 'stains/'], policyBytes: 15_980, frozen: true }),
  bucket('acme-contracts', { prefixes: ['signed/', 'templates/'], policyBytes: 19_204, contended: true }),
  bucket('acme-telemetry', { prefixes: [''], policyBytes: 0 }),
];

function bucket(name: string, given: Partial<ReportBucket>): ReportBucket {
  const registered = { state: 'active', account: '222222222222', region: 'eu-west-1' } as const;
  return { name, ...registered, prefixes: [], policyBytes: 0, frozen: false, contended: false, ...given };
}

const changes = (): readonly ReportChange[] =>
  granted()
    .map(({ bucket: name = '', subscription, principal = '', location = '', since }, index) => ({
      bucket: name,
      version: index + 1,
      at: since,
      session: `acme-${(index + 11).toString(36)}f7c1`,
      subscriptions: [subscription],
      statementsBefore: index,
      statementsAfter: index + 2,
      added: index % 5 === 4 ? [] : [`${principal} on ${location}`],
      removed: index % 5 === 4 ? [`${principal} on ${location}`] : [],
      residualAccess: index % 5 === 4 ? [`${principal} by statement 'OwnersOwn'`] : [],
      causes: [
        index === 2
          ? "operator's request 'revoke-principal' by AROAEXAMPLEOPERATOR01:olga: left the project"
          : `DataZone event 'Subscription Created' for subscription ${subscription} by j.lindqvist: go ahead`,
      ],
    }))
    .reverse();

/** A small deployment as one would be met: seven listings, four consumer projects, everything that can be the matter. */
export const smallReport = (): ReportData => ({
  deployment: 'acme',
  generatedAt: GENERATED,
  changesSince: '2026-03-01T08:15:00.000Z',
  grants: [...granted(), ...unsettled, ...revoked()],
  buckets: BUCKETS,
  changes: changes(),
  unreadable: [],
});

/** So many grants over 80 projects, 400 roles and 200 buckets. */
export const largeReport = (count: number): ReportData => ({
  ...smallReport(),
  grants: Array.from({ length: count }, (_, index) => {
    const [project, role, place] = [index % 80, index % 400, index % 200];
    return {
      ...PRODUCERS[index % 3],
      subscription: `sub-${String(index).padStart(6, '0')}`,
      state: index % 50 === 0 ? 'waiting' : index % 77 === 0 ? 'refused' : 'granted',
      principal: `arn:aws:iam::${String(300_000_000_000 + (role % 40))}:role/datazone/reader-${role}`,
      location: `arn:aws:s3:::acme-${place}/sets/${index % 2_500}/`,
      bucket: `acme-${place}`,
      consumerProject: `project-${project}`,
      consumerProjectName: `Consumers ${project}`,
      listing: `Image set ${index % 2_500}`,
      approvedBy: `approver-${index % 12}`,
      since: new Date(Date.UTC(2025, 0, 1) + index * 3_600_000).toISOString(),
    };
  }),
});
