import { GetDomainCommand, GetEnvironmentCommand } from '@aws-sdk/client-datazone';
import { GetObjectCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { type LocalAws, startLocalAws } from '../../local-aws/local-aws';
import { assumptions } from '../../src/assumptions/assumptions';
import type { Unverified } from '../../src/assumptions/unverified';
import { publish, seedDomain, subscribe } from './datazone-story';
import { allowing, BUCKET_ACCOUNT, DOMAIN, DOMAIN_ACCOUNT, dataZoneAs, document, REGION, reading, s3As, stsAs } from './world';

let aws: LocalAws;
afterEach(() => aws.close());

const EDITOR = `arn:aws:iam::${BUCKET_ACCOUNT}:role/editor`;
const READER = `arn:aws:iam::${BUCKET_ACCOUNT}:role/reader`;
const put = (Policy: string) => s3As(aws, EDITOR).send(new PutBucketPolicyCommand({ Bucket: 'raw', Policy }));
const answer = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: Error & { Detail?: string }) => ({ name: error.name, detail: error.Detail }),
  );
const unknown = () => document(...reading(`arn:aws:iam::${BUCKET_ACCOUNT}:role/none`));
/** A policy of over 20,480 bytes: with its white space only, or without it too. */
const long = (bytes: number, space: string) => document(...reading(READER, 'raw', 'x'.repeat(bytes))) + space.repeat(20_480);

/** Something that the double does as assumed, and otherwise when it is told so. */
const looks: { readonly [Name in keyof Unverified]?: readonly [look: () => Promise<unknown>, assumed: unknown, otherwise: unknown] } = {
  unknownPrincipal: [
    () => answer(put(unknown())),
    { name: 'MalformedPolicy', detail: `"AWS" : "arn:aws:iam::${BUCKET_ACCOUNT}:role/none"` },
    { name: 'MalformedPolicy', detail: undefined },
  ],
  policySize: [() => answer(put(long(10, ' '))), 'ok', { name: 'MalformedPolicy', detail: undefined }],
  tooLong: [
    () => answer(put(long(10_240, ''))),
    { name: 'MalformedPolicy', detail: undefined },
    { name: 'PolicyTooLarge', detail: undefined },
  ],
  missingKey: [
    async () => {
      await put(document(...reading(READER)));
      const get = s3As(aws, READER).send(new GetObjectCommand({ Bucket: 'raw', Key: 'runs/none' }));
      return get.catch(({ $metadata }) => $metadata.httpStatusCode);
    },
    403,
    404,
  ],
  assumeRoleResourceAccount: [
    async () => {
      const trust = { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { AWS: DOMAIN_ACCOUNT }, Action: 'sts:AssumeRole' } };
      aws.seed.role({ account: BUCKET_ACCOUNT, name: 'editor', trust });
      const condition = { StringEquals: { 'aws:ResourceAccount': BUCKET_ACCOUNT } };
      const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*', Condition: condition };
      const policies = [{ name: 'narrow', document: { Version: '2012-10-17', Statement: statement } }];
      const { arn } = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'function', policies });
      return answer(stsAs(aws, arn).send(new AssumeRoleCommand({ RoleArn: EDITOR, RoleSessionName: 'change' })));
    },
    'ok',
    { name: 'AccessDenied', detail: undefined },
  ],
  domainResource: [
    async () => {
      seedDomain(aws);
      const policies = [allowing('datazone:GetDomain', `arn:aws:datazone:${REGION}:${DOMAIN_ACCOUNT}:domain/${DOMAIN}`)];
      const { arn } = aws.seed.role({ account: DOMAIN_ACCOUNT, name: 'function', policies });
      return answer(dataZoneAs(aws, arn).send(new GetDomainCommand({ identifier: DOMAIN })));
    },
    'ok',
    { name: 'AccessDeniedException', detail: undefined },
  ],
  deleted: [
    () => answer(seedDomain(aws).send(new GetEnvironmentCommand({ domainIdentifier: DOMAIN, identifier: 'none' }))),
    { name: 'ResourceNotFoundException', detail: undefined },
    { name: 'AccessDeniedException', detail: undefined },
  ],
  eventId: [
    async () => {
      const client = seedDomain(aws);
      const { subscriptionId } = await subscribe(client, (await publish(client)).listingId);
      const created = aws.bus.published.find(({ event }) => event['detail-type'] === 'Subscription Created');
      return JSON.stringify(created?.event.detail).includes(`"id":"${subscriptionId}"`);
    },
    true,
    false,
  ],
  overlappingWrites: [
    async () => {
      const { run } = aws.befall([{ service: 's3', operation: 'PutBucketPolicy', occurrences: [1], fault: 'slow' }]);
      const first = put(document(...reading(READER, 'raw', 'first/')));
      while (run.hits.length === 0) await put('').catch(() => undefined);
      const second = await answer(put(document(...reading(READER, 'raw', 'second/'))));
      finish();
      await first;
      return [second, JSON.stringify(aws.state.buckets.get('raw')?.policy).includes('first/')];
    },
    [{ name: 'OperationAborted', detail: undefined }, true],
    ['ok', true],
  ],
};
let finish: () => void;

/** Those that other tests look at, each both ways. */
const ELSEWHERE: readonly string[] = ['grants', 'subscriptionForms', 'restrictPublicBuckets', 'selfLockout'];

const start = async (unverified: Partial<Unverified>) => {
  aws = await startLocalAws({
    unverified,
    wait: () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  });
  aws.seed.role({ account: BUCKET_ACCOUNT, name: 'editor', policies: [allowing('s3:*')] });
  aws.seed.role({ account: BUCKET_ACCOUNT, name: 'reader' });
  aws.seed.bucket({ name: 'raw', account: BUCKET_ACCOUNT, region: REGION, objects: { 'runs/1': 'x' } });
};

describe('what only live AWS can prove, the double takes', () => {
  const settings = assumptions.flatMap((one) => ('setting' in one ? [{ id: one.id, ...one.setting }] : []));

  test.each(settings.filter(({ name }) => !ELSEWHERE.includes(name)))('one way or the other: $id', async ({ name, otherwise }) => {
    const [look, asAssumed, asOtherwise] = looks[name] ?? [];
    await start({});
    expect(await look?.()).toEqual(asAssumed);
    await aws.close();
    await start({ [name]: otherwise });
    expect(await look?.()).toEqual(asOtherwise);
    expect(asAssumed).not.toEqual(asOtherwise);
  });
});

describe('a role that was created seconds ago', () => {
  test('is unknown to bucket policies for as long as it is said', async () => {
    let now = Date.parse('2026-11-23T12:00:00Z');
    aws = await startLocalAws({ clock: () => new Date(now) });
    aws.seed.role({ account: BUCKET_ACCOUNT, name: 'editor', policies: [allowing('s3:*')] });
    aws.seed.bucket({ name: 'raw', account: BUCKET_ACCOUNT, region: REGION });
    aws.seed.role({ account: BUCKET_ACCOUNT, name: 'reader', knownAfter: 30 });
    expect(await answer(put(document(...reading(READER))))).toMatchObject({ name: 'MalformedPolicy', detail: `"AWS" : "${READER}"` });
    now += 30_000;
    expect(await answer(put(document(...reading(READER))))).toBe('ok');
  });
});

test('accounts of one organization say so in their requests', async () => {
  await start({});
  aws.seed.organization('o-a1b2c3d4e5', [BUCKET_ACCOUNT]);
  const condition = { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5', 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
  const statement = { Effect: 'Allow', Action: 's3:PutBucketPolicy', Resource: '*', Condition: condition };
  aws.seed.role({ account: BUCKET_ACCOUNT, name: 'editor', policies: [{ name: 'organization', document: document(statement) }] });
  expect(await answer(put(document(...reading(READER))))).toBe('ok');
});
