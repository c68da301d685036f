import type { Access, Grant, PrincipalEntry, PrincipalState } from '../../../handler/core/grant/grant';
import { grantKey } from '../../../handler/core/grant/grant';
import { type Location, locationOf } from '../../../handler/core/grant/location';
import type { Head } from '../../../handler/core/ledger/bucket-state';
import type { SubscriptionRecord } from '../../../handler/core/ledger/subscription-record';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import { accessKey } from '../../../handler/core/policy/policy-cover';
import { jsonBytes, type PolicyDocument, type Statement } from '../../../handler/core/policy/policy-document';
import { awsPrincipals } from '../../../handler/core/policy/policy-equality';
import { type PolicyPlan, type PolicyQuestion, planPolicy } from '../../../handler/core/policy/policy-plan';
import { sidNamespace } from '../../../handler/core/policy/sid-namespace';
import type { DecisionRules, ResolvedSubscription } from '../../../handler/core/subscription/decision';
import type { RegisteredBucket, Registry } from '../../../handler/core/subscription/registry';
import type { ConsumerTarget, SubscribedAsset, Subscription } from '../../../handler/core/subscription/subscription';

export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const NOW_TEXT = NOW.toISOString();
/** Long before any write that counts as recent. */
export const EARLIER = '2026-02-01T00:00:00.000Z';
export const BUCKET = 'acme-raw';
export const PRODUCER = 'producer1';
export const CONSUMER = 'consumer1';
export const FORM = 'S3ObjectCollectionForm';
/** What S3 shows in place of a role that was deleted. */
export const DEAD_ID = 'AROA5XMPLDELETEDROLE1';

export const NAMESPACE = sidNamespace({ name: 'acme', partition: 'aws', account: '111111111111', region: 'eu-west-1' });

/** Bytes of the statements compiled from accesses, each with a comma after it, and the same without some of the accesses. */
export const sizeOf = (accesses: readonly Access[]) => {
  const bytesOf = (some: readonly Access[]): number =>
    compileStatements(some, NAMESPACE).reduce((sum, statement) => sum + jsonBytes(statement) + 1, 0);
  return {
    bytes: bytesOf(accesses),
    bytesWithout: (gone: readonly Access[]): number => {
      const keys = new Set(gone.map(accessKey));
      return bytesOf(accesses.filter((access) => !keys.has(accessKey(access))));
    },
  };
};
export const OTHER_DEPLOYMENT = sidNamespace({ name: 'acme', partition: 'aws', account: '999999999999', region: 'eu-west-1' });

export const role = (name: string, account = '333333333333'): string => `arn:aws:iam::${account}:role/${name}`;

/** `at('runs/')` is a folder of the bucket, `at('runs')` a name, `at('')` the bucket. */
export const at = (path: string): Location => locationOf({ partition: 'aws', bucket: BUCKET, path });

/** An entry without the principal, which `grant` fills in; `code` stands for a reason of that code. */
export type EntryFields = Partial<PrincipalEntry> & { readonly code?: NonNullable<PrincipalEntry['reason']>['code'] };

export const entry = (state: PrincipalState, { code, ...fields }: EntryFields = {}): PrincipalEntry => ({
  arn: role('reader'),
  state,
  ...(code === undefined ? {} : { reason: { code, message: `because of ${code}` } }),
  since: EARLIER,
  targets: ['env1/target1'],
  ...fields,
});

type GrantFields = Partial<Omit<Grant, 'principals'>>;

/** A grant of the named roles, all in one state: `grant('s1', 'runs/', { reader: 'granted' })`. */
export const grant = (
  id: string,
  path: string,
  { principals, ...fields }: GrantFields & { principals: Readonly<Record<string, PrincipalState | PrincipalEntry>> },
): Grant => ({
  subscriptionId: id,
  location: at(path),
  listingId: `listing-${path}`,
  assetId: `asset-${path}`,
  owningProject: PRODUCER,
  consumerProject: CONSUMER,
  principals: Object.entries(principals).map(([name, state]) => ({
    ...(typeof state === 'string' ? entry(state) : state),
    arn: name.includes(':') ? name : role(name),
  })),
  ...fields,
});

export const head = (written: readonly Statement[], fields: Partial<Head> = {}): Head => ({
  version: 1,
  attempt: 'attempt1',
  written,
  writtenAt: EARLIER,
  bytes: 0,
  ...fields,
});

export const foreign = (sid: string, fields: Statement = {}): Statement => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444444444444:root' },
  Action: 's3:PutObject',
  Resource: `arn:aws:s3:::${BUCKET}/inbox/*`,
  ...fields,
});

export const document = (...statements: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement: statements });

/** A statement of somebody else that leaves so many bytes of the policy to us. */
export const fillerLeaving = (bytes: number): Statement => {
  const filler = (size: number) => foreign('Filler', { Resource: `arn:aws:s3:::${BUCKET}/${'x'.repeat(size)}` });
  return filler(20_480 - jsonBytes(document(filler(0))) - bytes);
};

export const question = (grants: readonly Grant[], fields: Partial<PolicyQuestion> = {}): PolicyQuestion => ({
  bucket: BUCKET,
  namespace: NAMESPACE,
  head: undefined,
  grants,
  candidates: new Set(grants.map(grantKey)),
  unknownPrincipals: new Set(),
  document: undefined,
  now: NOW,
  ...fields,
});

/** What the next plan starts from once this one was written and settled. */
export const after = (plan: PolicyPlan, fields: Partial<Head> = {}): { head: Head; document: PolicyDocument | undefined } => ({
  head: head(plan.statements, fields),
  document: plan.next,
});

/** A bucket whose policy holds these grants, as written and settled long ago, beside other statements. */
export const settled = (grants: readonly Grant[], others: readonly Statement[] = []) =>
  after(planPolicy(question(grants, others.length === 0 ? {} : { document: document(...others) })));

export const bucket = (
  prefixes: Readonly<Record<string, readonly string[]>>,
  fields: Partial<RegisteredBucket> = {},
): RegisteredBucket => ({
  name: BUCKET,
  account: '222222222222',
  region: 'eu-west-1',
  state: 'active',
  prefixes: Object.entries(prefixes).map(([prefix, owningProjects]) => ({ prefix, owningProjects })),
  ...fields,
});

export const registry = (
  registered: RegisteredBucket = bucket({ 'runs/': [PRODUCER] }),
  principalAccounts: readonly string[] = [],
): Registry => ({
  buckets: new Map([[registered.name, registered]]),
  principalAccounts,
});

export const asset = (
  arn: string,
  { id = 'asset1', owningProject = PRODUCER }: { id?: string; owningProject?: string } = {},
): SubscribedAsset => ({
  assetId: id,
  owningProject,
  forms: [{ name: FORM, content: JSON.stringify({ bucketArn: arn }) }],
});

export const target = (id: string, principals: readonly string[], fields: Partial<ConsumerTarget> = {}): ConsumerTarget => ({
  id,
  environmentId: 'env1',
  provider: 'datazone-s3-fulfillment',
  assetTypes: ['S3ObjectCollectionAssetType'],
  authorizedPrincipals: principals,
  authorizedPrincipalsOmitted: 0,
  account: '333333333333',
  ...fields,
});

export const subscription = (fields: Partial<Subscription> = {}): Subscription => ({
  id: 's1',
  status: 'APPROVED',
  retainPermissions: false,
  createdAt: EARLIER,
  updatedAt: EARLIER,
  createdBy: 'approver1',
  listing: { id: 'listing1', revision: '1', name: 'Runs', owningProject: PRODUCER },
  subscriber: { kind: 'project', id: CONSUMER },
  item: { kind: 'asset', assetId: 'asset1', assetType: 'S3ObjectCollectionAssetType' },
  ...fields,
});

export const resolved = ({
  subscription: of = {},
  ...fields
}: Partial<Omit<ResolvedSubscription, 'subscription'>> & { subscription?: Partial<Subscription> } = {}): ResolvedSubscription => ({
  subscription: subscription(of),
  assets: [asset(`arn:aws:s3:::${BUCKET}/runs/`)],
  targets: [target('target1', [role('reader')])],
  record: undefined,
  saidToHaveEnded: false,
  ...fields,
});

export const rules = (fields: Partial<DecisionRules> = {}): DecisionRules => ({
  registry: registry(),
  partition: 'aws',
  formName: FORM,
  ...fields,
});

export const record = (fields: Partial<SubscriptionRecord> = {}): SubscriptionRecord => ({
  id: 's1',
  revision: 3,
  outcome: { kind: 'granted' },
  pending: false,
  assets: [{ assetId: 'asset1', owningProject: PRODUCER, published: { arn: `arn:aws:s3:::${BUCKET}/runs/` } }],
  buckets: [BUCKET],
  reported: [],
  lookup: { subscriptionId: 's1' },
  at: EARLIER,
  ...fields,
});

/** Who statements let into which folders, as `ann a/`. */
export const letIn = (statements: readonly Statement[]): readonly string[] =>
  statements
    .filter((statement) => statement['Action'] === 's3:GetObject')
    .flatMap((statement) =>
      awsPrincipals(statement).flatMap((arn) =>
        [statement['Resource']].flat().map((resource) => `${arn.replace(role(''), '')} ${String(resource).split('/')[1]}/`),
      ),
    )
    .sort();
