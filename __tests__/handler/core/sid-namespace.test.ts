import { deploymentOf, groupKey, isSuperseded, sidNamespace, statementOwners } from '../../../handler/core/policy/sid-namespace';
import { document, foreign, NAMESPACE, OTHER_DEPLOYMENT } from './builders';

const OURS = NAMESPACE.sid('R', 'group01');

describe('the Sids of a deployment', () => {
  test('hold product, format, deployment, kind and group, in letters and digits only', () => {
    expect(OURS).toBe(`DZS3F1${NAMESPACE.deployment}Rgroup01`);
    expect(NAMESPACE.deployment).toMatch(/^[0-9a-z]{6}$/);
  });

  const deployment = { name: 'acme', partition: 'aws', account: '111111111111', region: 'eu-west-1' };
  test.each([{ name: 'acme2' }, { partition: 'aws-cn' }, { account: '999999999999' }, { region: 'us-east-1' }])(
    'are others where %j is another',
    (change) => {
      expect(sidNamespace({ ...deployment, ...change }).deployment).not.toBe(NAMESPACE.deployment);
    },
  );
});

describe('a group', () => {
  test.each([
    [['a/', 'b/'], ['a/b/']],
    [
      ['a/', 'b/'],
      ['b/', 'a/'],
    ],
    [['a/'], ['a']],
  ])('of %j has another key than one of %j', (one, other) => {
    expect(groupKey(one, 0)).not.toBe(groupKey(other, 0));
    expect(groupKey(one, 0)).toMatch(/^[0-9a-z]{7}$/);
  });

  test('has another key with another salt', () => {
    expect(groupKey(['a/'], 0)).not.toBe(groupKey(['a/'], 1));
  });
});

describe('whose a statement is', () => {
  test.each<[string, unknown, string | undefined]>([
    ['a Sid of ours', OURS, NAMESPACE.deployment],
    ['a Sid of another format', OURS.replace('DZS3F1', 'DZS3F7'), NAMESPACE.deployment],
    ['a Sid of another deployment', OTHER_DEPLOYMENT.sid('L', 'group01'), OTHER_DEPLOYMENT.deployment],
    ['a Sid that only holds ours', `x${OURS}`, undefined],
    ['a Sid that is too short', OURS.slice(0, 11), undefined],
    ['no format digit', OURS.replace('DZS3F1', 'DZS3Fx'), undefined],
    ['a list of Sids', [OURS], undefined],
    ['no Sid', undefined, undefined],
    ['a number', 1, undefined],
  ])('is told by %s', (_what, sid, deployment) => {
    expect(deploymentOf(foreign('', { Sid: sid }))).toBe(deployment);
  });

  test.each<[unknown, boolean]>([
    [OURS, false],
    [OURS.replace('DZS3F1', 'DZS3F0'), true],
    [OTHER_DEPLOYMENT.sid('R', 'g'), false],
    [[OURS.replace('DZS3F1', 'DZS3F0')], false],
    ['Theirs', false],
    ['', false],
    [undefined, false],
  ])('and whether it is of a superseded format: %j', (sid, superseded) => {
    expect(isSuperseded(foreign('', { Sid: sid }))).toBe(superseded);
  });

  test('divides a policy, each part in its order', () => {
    const [a, b] = [foreign('A'), foreign('B')];
    const [ours, theirs] = [foreign(OURS), foreign(OTHER_DEPLOYMENT.sid('R', 'g'))];
    const again = foreign(OTHER_DEPLOYMENT.sid('L', 'g'));
    expect(statementOwners(document(a, ours, theirs, b, again), NAMESPACE)).toEqual({
      ours: [ours],
      foreign: [a, theirs, b, again],
      otherDeployments: [OTHER_DEPLOYMENT.deployment],
    });
    expect(statementOwners(undefined, NAMESPACE)).toEqual({ ours: [], foreign: [], otherDeployments: [] });
  });
});
