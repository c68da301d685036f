import { checkedPolicy } from '../../local-aws/s3/policy-validation';
import type { Made } from '../drills/domain';
import { notReported, SERVED } from './crowd';
import { itemsOf } from './ledger-items';
import { commit, HANGS, type Offence, type Outcome, ROUTES } from './offence';
import { CONSUMER_ACCOUNT, type IsolationWorld, OWN } from './world';

const [BUCKET] = OWN;
const READERS = 40;
/** As long as role names may be. */
const TEAM = '-of-the-team-with-the-long-name'.padEnd(40, 'x');

type Owner = { readonly statements: number; readonly sid: (index: number) => string };

/** The bucket owner's own statements. Each lets the consumers' whole account read what the readers were granted. */
const ownerPuts = ({ aws }: IsolationWorld, { statements, sid }: Owner): void => {
  const bucket = aws.state.buckets.get(BUCKET);
  if (bucket === undefined) throw new Error(`bucket '${BUCKET}' does not exist`);
  const Statement = Array.from({ length: statements }, (_, index) => ({
    Sid: sid(index),
    Effect: 'Allow',
    Principal: { AWS: CONSUMER_ACCOUNT },
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${BUCKET}/runs/*`,
  }));
  bucket.policy = checkedPolicy(JSON.stringify({ Version: '2012-10-17', Statement }), BUCKET, aws.state);
};

const ownSids = ({ aws }: IsolationWorld): readonly string[] => {
  const statements = aws.state.buckets.get(BUCKET)?.policy?.['Statement'];
  const sids = Array.isArray(statements) ? statements.map(({ Sid }: { readonly Sid?: string }) => Sid ?? '') : [];
  return sids.filter((sid) => sid.startsWith('DZS3F'));
};

const historyOf = async (world: IsolationWorld): Promise<number> =>
  (await itemsOf(world)).filter(({ pk, sk }) => pk?.S === `bucket#${BUCKET}` && sk?.S?.startsWith('history#')).length;

describe.each([
  ['70 statements of the bucket owner', { statements: 70, sid: (index: number) => `TeamAccess${index}` }],
  [
    '10 statements of the bucket owner with Sids of 700 characters',
    { statements: 10, sid: (index: number) => `Team${index}`.padEnd(700, 'S') },
  ],
] as const)('with %s that still let the revoked readers in', (name, owner) => {
  describe.each(ROUTES)('revoked by %s', (route) => {
    let outcome: Outcome | undefined;
    let readers: readonly Made[] = [];
    let changes = 0;
    const committed = (): Outcome => {
      if (outcome === undefined) throw new Error('the world could not be prepared; see the failure of beforeAll');
      return outcome;
    };

    beforeAll(async () => {
      const offence: Offence = {
        name,
        prepare: async (world) => {
          ownerPuts(world, owner);
          const published = world.publish(BUCKET);
          readers = Array.from({ length: READERS }, () => world.domain.approve(world.consumer({ team: TEAM }), published));
          await world.work();
          if (notReported(world, readers, 'GRANTED') > 0) throw new Error(`not all readers of '${BUCKET}' were granted access`);
          changes = await historyOf(world);
          return () => readers.forEach((reader) => void world.domain.end(reader));
        },
      };
      outcome = await commit(offence, { route });
    }, HANGS);
    afterAll(() => outcome?.world.close());

    test('the readers are revoked: policy, history and DataZone', async () => {
      const { world } = committed();
      expect({
        ownSids: ownSids(world),
        notReported: notReported(world, readers, 'REVOKED'),
        isInHistory: (await historyOf(world)) > changes,
      }).toEqual({ ownSids: [], notReported: 0, isInHistory: true });
    });

    test('the other consumers are served', () => {
      expect(committed().verdict).toEqual(SERVED);
    });
  });
});
