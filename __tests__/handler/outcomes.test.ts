import { REFUSED_CODES, WAITING_CODES, type WaitingCode } from '../../handler/core/outcome';
import { sidNamespace } from '../../handler/core/policy/sid-namespace';
import { TransientFailure } from '../../handler/errors';
import { BUCKET, FakeWorld, PRODUCER, READER, SETTINGS } from './fake-world';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';

const approved = (arn = RUNS): FakeWorld => {
  const world = new FakeWorld();
  world.approve('s1', { arn });
  return world;
};
const granted = async (): Promise<FakeWorld> => {
  const world = approved();
  await world.deliver(world.created('s1'));
  return world;
};
const ended = async (retain: boolean): Promise<FakeWorld> => {
  const world = await granted();
  world.end('s1', { retain });
  return world;
};
/** A world in which a port fails at what may pass. */
const failing = (port: string, code: WaitingCode): FakeWorld => {
  const world = approved();
  world.interfere = ({ name }) => {
    if (name === port) throw new TransientFailure(code, 'a call failed, as this test arranged');
    return undefined;
  };
  return world;
};
const policyOf = (world: FakeWorld, ...statements: readonly object[]): FakeWorld => {
  world.policies.set(BUCKET.name, JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  return world;
};
const theirs = (fields: object) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:PutObject',
  Resource: 'arn:aws:s3:::acme-raw/*',
  ...fields,
});
const held = async (stop: 'frozen' | 'contended'): Promise<FakeWorld> => {
  const world = await granted();
  const head = world.heads.get(BUCKET.name);
  if (head !== undefined) world.heads.set(BUCKET.name, { ...head, [stop]: true });
  world.approve('s1b', { arn: `${RUNS}b/` });
  await world.deliver({ ...world.created('s1b'), messageId: 'm' });
  world.approve('s1', { arn: RUNS });
  world.targets.set('env1', [world.target('target1', { principals: [READER, `${READER}2`] })]);
  return world;
};
/** Two subscriptions granted, of which the first is about to end while the owner's own statements have filled the policy. */
const crowded = async (): Promise<FakeWorld> => {
  const world = new FakeWorld();
  for (const id of ['s0', 's1']) {
    world.approve(id, { arn: `${RUNS}${id}/` });
    await world.deliver(world.created(id));
    world.now = new Date(world.now.getTime() + 86_400_000);
  }
  world.interfere = ({ name, args }) =>
    name === 'writePolicy' && String(args[1]).includes('runs/')
      ? { answer: { kind: 'rejected', code: 'policy-full', message: 'too long' } }
      : undefined;
  world.end('s0');
  await world.deliver(world.ended('s0'));
  return world;
};

/** What a subscription `s1` comes to when its event is delivered in each of these worlds. */
const WORLDS: Readonly<Record<string, () => FakeWorld | Promise<FakeWorld>>> = {
  granted: () => approved(),
  unchanged: granted,
  revoked: () => ended(false),
  retained: () => ended(true),
  ignored: () => {
    const world = approved();
    const { item: _, ...rest } = world.approve('s1', { arn: RUNS });
    world.subscriptions.set('s1', { ...rest, item: { kind: 'asset', assetId: 'a', assetType: 'GlueTableAssetType' } });
    return world;
  },

  'bucket-not-registered': () => approved('arn:aws:s3:::nobodys/runs/'),
  'prefix-not-registered': () => approved('arn:aws:s3:::acme-raw/elsewhere/'),
  'project-may-not-publish': () => {
    const world = approved();
    world.approve('s1', { arn: RUNS, owner: 'another' });
    return world;
  },
  'location-invalid': () => approved(`${RUNS}*`),
  'location-unsupported': () => approved('arn:aws:s3:eu-west-1:222222222222:accesspoint/ap'),
  'subscriber-unsupported': () => {
    const world = approved();
    world.subscriptions.set('s1', { ...world.approve('s1', { arn: RUNS }), subscriber: { kind: 'user', id: 'u1' } });
    return world;
  },
  'principal-not-grantable': () => {
    const world = approved();
    world.targets.set('env1', [world.target('target1', { principals: ['arn:aws:iam::333333333333:root'] })]);
    return world;
  },
  'principal-account-not-allowed': () => {
    const world = approved();
    world.targets.set('env1', [world.target('target1', { principals: ['arn:aws:iam::999999999999:role/far'] })]);
    return world;
  },
  'policy-full': () => policyOf(approved(), theirs({ Sid: 'x'.repeat(20_200) })),
  'location-changed': async () => {
    const world = await granted();
    world.approve('s1', { arn: `${RUNS}moved/` });
    return world;
  },
  'bucket-shared': () => {
    const other = sidNamespace({ name: 'other', partition: 'aws', account: SETTINGS.account, region: SETTINGS.region });
    return policyOf(approved(), theirs({ Sid: other.sid('R', 'group01') }));
  },
  'foreign-dead-principal': () => {
    const world = policyOf(approved(), theirs({ Sid: 'Theirs', Principal: { AWS: 'AROA5XMPLDELETEDROLE1' } }));
    world.unknownPrincipals.add('AROA5XMPLDELETEDROLE1');
    return world;
  },
  'bucket-retiring': () => {
    const world = approved();
    world.buckets.set(BUCKET.name, { ...BUCKET, state: 'retiring' });
    return world;
  },

  'limit-exceeded': () => {
    const world = approved();
    const targets = Array.from({ length: 101 }, (_, index) => world.target(`target${index}`, { principals: [READER] }));
    world.targets.set('env1', targets);
    return world;
  },

  'no-subscription-target': () => {
    const world = approved();
    world.targets.clear();
    return world;
  },
  'principal-unknown': () => {
    const world = approved();
    world.unknownPrincipals.add(READER);
    return world;
  },
  'editor-role-unreachable': () => failing('readPolicy', 'editor-role-unreachable'),
  'bucket-missing': async () => {
    const world = await ended(false);
    world.buckets.delete(BUCKET.name);
    return world;
  },
  'membership-missing': () => failing('environments', 'membership-missing'),
  throttled: () => failing('subscription', 'throttled'),
  unavailable: () => policyOf(approved(), theirs({})) && failing('readPolicy', 'unavailable'),
  disagreement: () => new FakeWorld(),
  'suspended-for-room': crowded,
  observing: () => {
    const world = approved();
    world.settings = { ...SETTINGS, mode: 'observe' };
    return world;
  },
  frozen: () => held('frozen'),
  contended: () => held('contended'),
};

const KINDS = ['granted', 'revoked', 'retained', 'unchanged', 'ignored'];

it('every outcome that there is has a world that leads to it', () => {
  expect(Object.keys(WORLDS).toSorted()).toEqual([...KINDS, ...REFUSED_CODES, ...WAITING_CODES].toSorted());
});

describe('a subscription comes to', () => {
  it.each(Object.entries(WORLDS))('%s', async (name, begin) => {
    const world = await begin();
    const status = world.subscriptions.get('s1')?.status;
    const isEnded = status === 'REVOKED' || status === 'CANCELLED';
    if (name !== 'suspended-for-room') expect(await world.deliver(isEnded ? world.ended('s1') : world.created('s1'))).toEqual([]);
    const outcome = world.outcomeOf('s1');
    const isKind = KINDS.includes(name);
    expect(isKind ? outcome?.kind : outcome && 'code' in outcome && outcome.code).toBe(name);
    const record = world.records.get('s1');
    const isWaiting = outcome?.kind === 'waiting' && name !== 'observing';
    expect(record === undefined ? name : (record.due !== undefined) === isWaiting).toBe(record === undefined ? 'ignored' : true);
    if (outcome?.kind === 'refused' || outcome?.kind === 'waiting') expect(outcome.message).toMatch(/^\S.{15,}/s);
  });
});

test('the producer of these worlds may publish there', () => {
  expect(BUCKET.prefixes).toEqual([{ prefix: 'runs/', owningProjects: [PRODUCER] }]);
});
