import fc from 'fast-check';
import { locationArn, parseLocation } from '../../handler/core/grant/location';
import { publishable } from '../../handler/core/subscription/registry';
import { asset, BUCKET, bucket, PRODUCER, registry, resolved, role, rules, target } from '../handler/core/builders';
import { fuzz } from './inputs';
import { mutatedText } from './mutations';
import { canRead, expectSentence, OWNER, statementsFor } from './pipeline';

const READER = role('reader', OWNER);
const REGISTRY = registry(bucket({ 'runs/': [PRODUCER], 'runs/secret/': ['another'], 'public/': ['*'], 'ours/': ['another'] }));
const RULES = rules({ registry: REGISTRY });

const arns = fc.oneof(
  ...['/runs/2026/', '/runs/deep', '/public/', '/runs', '/runs/', '/runs/secret/', '/ours/', ''].map((path) =>
    mutatedText(`arn:aws:s3:::${BUCKET}${path}`),
  ),
  mutatedText(`arn:aws:s3:eu-west-1:${OWNER}:accesspoint/${BUCKET}/object/runs/`),
);

/** What an ARN says by our own reckoning, which is not the product's. */
const literal = (arn: string) => {
  const resource = arn.slice('arn:aws:s3:::'.length);
  const end = resource.includes('/') ? resource.indexOf('/') : resource.length;
  return { partition: 'aws', bucket: resource.slice(0, end), path: resource.slice(end + 1) };
};

/** Where no project but another may publish, or nobody. */
const NEVER = ['x', 'runs', 'runsx', 'runs-secret/x', 'runs/secret/x', 'runs/secret/', 'ours/x', 'publicx', 'public', ''];

fuzz('an ARN is read literally or refused, and opens nothing but what its project may publish', {
  inputs: arns,
  verdicts: ['refused', 'not publishable', 'granted'],
  check: (arn, tally) => {
    const location = parseLocation(arn, 'aws');
    const statements = statementsFor(resolved({ assets: [asset(arn)], targets: [target('t', [READER], { account: OWNER })] }), RULES);
    expect(NEVER.filter((key) => canRead(statements, { arn: READER, key }))).toEqual([]);
    if ('kind' in location) {
      expectSentence(location.message);
      expect(statements).toEqual([]);
      return tally('refused');
    }
    expect(arn.startsWith('arn:aws:s3:::')).toBe(true);
    expect(/[*?]|\$\{/.test(arn)).toBe(false);
    expect(location).toMatchObject(literal(arn));
    expect(parseLocation(locationArn(location), 'aws')).toEqual(location.path === '' ? { ...location, shape: 'bucket' } : location);
    const granted = publishable(location, { owningProject: PRODUCER, registry: REGISTRY });
    if ('kind' in granted) {
      expectSentence(granted.message);
      expect(statements).toEqual([]);
      return tally('not publishable');
    }
    expect(statements).toHaveLength(2);
    for (const statement of statements)
      for (const pattern of [statement['Resource']].flat()) expect(/[*?]|\$\{/.test(String(pattern).replace(/\/\*$/, '/'))).toBe(false);
    expect(canRead(statements, { arn: READER, key: `${granted.path}${granted.shape === 'name' ? '/' : ''}x` })).toBe(true);
    return tally('granted');
  },
});
