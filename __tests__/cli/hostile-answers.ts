import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { MiddlewareStack } from '@smithy/types';
import type { LedgerReader } from '../../handler/adapters/ledger/reader';
import type { Grant, PrincipalEntry } from '../../handler/core/grant/grant';
import { locationOf } from '../../handler/core/grant/location';
import type { SubscriptionRecord } from '../../handler/core/ledger/subscription-record';
import type { Statement } from '../../handler/core/policy/policy-document';
import { UnreadableItem } from '../../handler/errors';
import { Clients } from '../../src/cli/clients';
import type { Command } from '../../src/cli/framework/command';
import type { Surroundings } from '../../src/cli/framework/terminal';
import type { Reading } from '../../src/cli/reading';

const AT = '2026-02-01T00:00:00.000Z';
export const READER = 'arn:aws:iam::333333333333:role/reader';

/** What the ledger and AWS answer: wherever an answer has room for text from outside, it holds this one. */
export const hostileAnswers = (text: string) => {
  const place = { partition: 'aws', bucket: 'acme-raw' };
  const statement: Statement = {
    Sid: text,
    Effect: 'Allow',
    Principal: { AWS: [READER] },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::acme-raw/public/*',
  };
  const entry = (state: PrincipalEntry['state'], arn: string): PrincipalEntry => ({
    ...{ arn, state, since: AT, targets: [text] },
    reason: { code: 'principal-unknown', message: text },
  });
  const unreadable = [new UnreadableItem({ partition: text, sort: text }, text)];
  const grant = (subscriptionId: string, principals: Grant['principals']): Grant => ({
    ...{ subscriptionId, principals, listingId: text, assetId: text, owningProject: text, consumerProject: text },
    location: locationOf({ ...place, path: `public/${text}` }),
  });
  const record = (id: string, outcome: SubscriptionRecord['outcome']): SubscriptionRecord => ({
    ...{ id, revision: 1, outcome, pending: false, at: AT, approvedAt: AT, lookup: {}, buckets: ['acme-raw'] },
    listing: { id: text, name: text, owningProject: text, owningProjectName: text },
    subscriber: { kind: 'project', id: text, name: text },
    provenance: { requestedBy: text, requestReason: text, reviewedBy: text, decisionComment: text },
    assets: [{ assetId: text, owningProject: text, published: { arn: `arn:aws:s3:::acme-raw/public/${text}` } }],
    reported: [{ grant: text, asset: text, status: text }],
    endedBy: { request: text, by: text, reason: text },
  });
  const records = [
    record('s1', { kind: 'granted' }),
    record(text, { kind: 'granted' }),
    record('s2', { kind: 'waiting', code: 'membership-missing', message: text }),
    record('s3', { kind: 'refused', code: 'location-invalid', message: text }),
    record('s4', { kind: 'ignored', reason: text }),
  ];
  const principals = [entry('granted', READER), entry('granted', `arn:aws:iam::333333333333:role/${text}`)];
  const head = { version: 1, attempt: 'a', written: [statement], bytes: 20_000, frozen: true, contended: true };
  const ledger: LedgerReader = {
    subscription: async (id) => ({
      record: records.find((one) => one.id === id),
      settledGrants: [grant(id, [entry('revoked', READER)])],
      unreadable,
    }),
    subscriptions: async () => ({
      ...{ records, unreadable },
      settledGrants: [{ grant: grant('s1', [entry('revoked', READER), { ...entry('revoked', text), final: 'operator' }]), revision: 1 }],
    }),
    bucket: async () => ({
      head,
      grants: ['s1', text].map((id) => ({ grant: grant(id, principals), revision: 1 })),
      unreadable,
    }),
    bucketNames: async () => ['acme-raw', text],
    history: async (bucket) => ({
      records: [
        {
          ...{ bucket, version: 1, before: [], after: [statement], previousPolicy: null, at: AT },
          causes: [{ trigger: 'operator', what: text, subscription: text, by: text, reason: text }],
          ...{ session: text, subscriptions: [text], drift: 'wiped', residualAccess: [text] },
        },
      ],
      unreadable,
    }),
    request: async (id) => ({
      ...{ revision: 1, state: 'done', message: text, by: text, at: AT, result: [{ name: text, count: 1 }] },
      request: { kind: 'request', id, at: AT, reason: text, command: 'uninstall' },
    }),
    plan: async () => ({
      unreadable,
      lines: (['grant', 'revoke', 'repair', 'held-back'] as const).map((action) => ({
        ...{ action, bucket: text, location: `arn:aws:s3:::acme-raw/${text}`, principal: text, subscription: text, why: text },
      })),
    }),
    unreadableItems: async () => unreadable,
    deployment: async () => ({ revision: 1, since: AT, frozen: { request: text, at: AT }, uninstalling: { request: text, at: AT } }),
    reconcile: async () => undefined,
    failures: async () => ({
      failures: [
        {
          ...{ outcome: 'defect', message: text, item: { partition: text, sort: text }, since: AT, at: AT, attempts: 1, dueAt: AT },
          unit: { kind: 'bucket', name: text },
        },
      ],
      unreadable,
    }),
    deliveryTest: async () => ({ id: text, at: AT }),
  };
  const foreign = JSON.stringify({ Version: '2012-10-17', Statement: [statement, { ...statement, Effect: 'Deny', Sid: `${text}2` }] });
  const target = { id: text, name: text, provider: 'datazone-s3-fulfillment', authorizedPrincipals: [text] };
  const asset = {
    ...{ identifier: text, name: text, typeIdentifier: 'S3ObjectCollectionAssetType', owningProjectId: text },
    additionalAttributes: { formsOutput: [{ formName: text, content: JSON.stringify({ bucketArn: 'arn:aws:s3:::acme-new/runs/' }) }] },
  };
  const aws = new Map<string, unknown>([
    ['GetQueueUrl', { QueueUrl: 'https://sqs' }],
    ['SendMessage', {}],
    ['GetQueueAttributes', { Attributes: { ApproximateNumberOfMessages: '3' } }],
    ['DescribeRule', { State: text, EventPattern: text }],
    ['ListTargetsByRule', { Targets: [] }],
    ['PutEvents', { Entries: [{ ErrorMessage: text }] }],
    [
      'GetFunctionConfiguration',
      {
        State: text,
        StateReason: text,
        LastUpdateStatus: 'Failed',
        LastUpdateStatusReason: text,
        Environment: { Variables: { MODE: text } },
      },
    ],
    [
      'ListEventSourceMappings',
      { EventSourceMappings: [{ EventSourceArn: 'arn:aws:sqs:eu-west-1:111111111111:acme-fulfillment.fifo', State: text }] },
    ],
    ['GetBucketPolicy', { Policy: foreign }],
    ['GetBucketPolicyStatus', { PolicyStatus: { IsPublic: false } }],
    [
      'GetBucketEncryption',
      {
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: `k${text}` } }],
        },
      },
    ],
    ['HeadBucket', { BucketRegion: text }],
    ['GetDomain', { arn: 'arn:aws:datazone:eu-west-1:111111111111:domain/d', name: text, domainVersion: 'V2' }],
    ['ListProjects', { items: [{ id: text, name: text }] }],
    ['Search', { items: [{ assetItem: asset }] }],
    ['ListEnvironments', { items: [{ id: text, name: text, awsAccountId: '333333333333' }] }],
    [
      'ListSubscriptionTargets',
      {
        items: [
          { ...target, applicableAssetTypes: ['S3ObjectCollectionAssetType'] },
          { ...target, provider: text },
        ],
      },
    ],
    ['GetUserProfile', { id: text, status: text }],
    ['ListProjectMemberships', { members: [{ memberDetails: { user: { userId: text } } }] }],
    ['CreateAsset', { id: text, revision: text }],
    ['CreateListingChangeSet', { listingId: text, listingRevision: text }],
    ['CreateAssetRevision', { id: text, revision: text }],
  ]);
  return { ledger, aws };
};

/** Clients whose calls never leave the process: each is answered from the list, or fails with this message. */
const clientsOf = (aws: ReadonlyMap<string, unknown>, failure: string | undefined): Clients => {
  const clients = new Clients({
    region: 'eu-west-1',
    profile: undefined,
    credentials: { accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' },
  });
  const answered = (command: string, input: object) => {
    const found = aws.get(command.replace(/Command$/, ''));
    if (failure !== undefined) throw Object.assign(new Error(failure), { name: 'ValidationException' });
    if (found === undefined) throw new Error(`no answer is set for ${command}`);
    // The SDK compares it with what it sent.
    const MD5OfMessageBody = createHash('md5')
      .update(String(Reflect.get(input, 'MessageBody')))
      .digest('hex');
    return Object({ $metadata: {}, MD5OfMessageBody, ...Object(found) });
  };
  const intercept = <Input extends object, Output extends object>(client: { readonly middlewareStack: MiddlewareStack<Input, Output> }) =>
    client.middlewareStack.add(
      (_next, { commandName = '' }) =>
        async ({ input }) => ({ output: answered(String(commandName), input), response: undefined }),
      { step: 'initialize', name: 'answered', priority: 'low' },
    );
  intercept(clients.datazone());
  intercept(clients.events());
  intercept(clients.lambda());
  intercept(clients.s3());
  intercept(clients.sqs());
  clients.with = () => clients;
  return clients;
};

/** What a run printed. */
export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs commands within this process on such answers. */
export const hostileCli = async () => {
  let current: { readonly clients: Clients; readonly ledger: LedgerReader } | undefined;
  const now = () => {
    if (current === undefined) throw new Error('nothing runs');
    return current;
  };
  const acting = async () => now().clients;
  jest.doMock('../../src/cli/acting', () => ({
    asCaller: () => now().clients,
    ...{ asReader: acting, asOperator: acting, asInspector: acting },
  }));
  jest.doMock('../../src/cli/clients', () => ({
    // `init` makes clients of its own, for a domain that no deployment names yet.
    Clients: function Own() {
      return now().clients;
    },
  }));
  // Else the page is bundled now, which this test does not look at.
  jest.doMock('../../src/cli/report/report-page', () => ({ reportPage: async () => ({ script: '', style: '' }) }));
  jest.doMock('../../src/cli/reading', () => ({
    ...jest.requireActual('../../src/cli/reading'),
    openReading: async (): Promise<Reading> => {
      const { clients: reader, ledger } = now();
      const prefixes = [{ prefix: 'public/', owningProjects: ['*'] }];
      const bucket = { name: 'acme-raw', account: '222222222222', region: 'eu-west-1', state: 'active', prefixes } as const;
      return { reader, ledger, registry: { buckets: new Map([[bucket.name, bucket]]), principalAccounts: [] } };
    },
  }));
  // After the mocks: the commands bind what they import when they are loaded.
  const { COMMANDS }: { COMMANDS: readonly Command[] } = require('../../src/cli/commands');
  const { runProgram }: typeof import('../../src/cli/framework/program') = require('../../src/cli/framework/program');
  return async (
    args: readonly string[],
    {
      text,
      failure,
      deployment = join(__dirname, 'deployment.yaml'),
      colour = false,
    }: { text: string; failure?: string; deployment?: string; colour?: boolean },
  ): Promise<Printed> => {
    const { ledger, aws } = hostileAnswers(text);
    current = { clients: clientsOf(aws, failure), ledger };
    const said = { out: '', err: '' };
    const say = (name: 'out' | 'err', written: string): true => {
      said[name] += written;
      return true;
    };
    const stream = (name: 'out' | 'err') =>
      ({ isTTY: colour && name === 'out', write: (written: string) => say(name, written) }) as unknown as NodeJS.WriteStream;
    const surroundings: Surroundings = {
      env: { DEPLOYMENT: deployment },
      stdin: process.stdin,
      ...{ stdout: stream('out'), stderr: stream('err') },
    };
    return { code: await runProgram(COMMANDS, args, surroundings), ...said };
  };
};
