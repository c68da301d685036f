import { LONGEST_ROLE_PATH } from '../../modules/variables';
import { synthesized } from './synthesized';

const PATH = `${'p'.repeat(LONGEST_ROLE_PATH - 1)}/`;

/** The longest of everything that has a length of its own; what lists hold is another matter. */
const LONGEST = `
name: ${'n'.repeat(20)}
namePrefix: ${'p'.repeat(32)}
mode: enforce
existingSubscriptions: ignore
domain: { id: dzd_${'d'.repeat(36)}, account: "111111111111", region: ap-southeast-1, version: v2, authorization: domain }
targetProvider: ${'t'.repeat(128)}
grantsExpireAfterDays: 3650
reconcile: { removalCap: 10000 }
iam: { rolePath: ${PATH} }
operators: ["arn:aws:iam::111111111111:role/Operations"]
auditors: ["arn:aws:iam::111111111111:role/Audit"]
encryption: { key: create }
bucketAccounts:
  - account: "111111111111"
    buckets: [{ name: acme-raw, prefixes: [{ prefix: runs/, owningProjects: [5a3se66qm88947] }] }]
`;

describe('The longest name, prefix, path, id and provider', () => {
  it('fit every environment, pattern and policy, so that only lists can be too long', () => {
    expect(Object.keys(synthesized(LONGEST))).toEqual(['domain-account', 'bucket-account-111111111111']);
  });

  it('are the longest: a path of one character more is refused', () => {
    expect(() => synthesized(LONGEST.replace(PATH, `p${PATH}`))).toThrow(
      /iam\.rolePath is '.*'; write the path .* of at most 511 characters/,
    );
  });
});
