import { EXAMPLE, PLAIN, resourceOf, stackOf, statementsOf, synthesized } from './synthesized';

const stack = stackOf(synthesized(PLAIN), 'bucket-account-222222222222');
const OWN_ACCOUNT_ONLY = {
  Sid: 'OwnAccountOnly',
  Effect: 'Deny',
  Action: 's3:*',
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:ResourceAccount': '222222222222' } },
};
const editor = resourceOf(stack, 'aws_iam_role.editor');
const [assume, tag, ...furtherTrust] = statementsOf(editor['assume_role_policy']);
const permissions = statementsOf(resourceOf(stack, 'aws_iam_role_policy.editor_policy')['policy']);

describe('The editor role', () => {
  it('trusts one role of the domain account, with the domain as external id and an owning project', () => {
    expect(editor['name']).toBe('acme-policy-editor');
    expect(assume).toEqual({
      Sid: 'FulfillmentFunction',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 'sts:AssumeRole',
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/acme-fulfillment' },
        StringEquals: { 'sts:ExternalId': 'dzd_bc8e1ez8r2a6xz' },
        StringLike: { 'aws:RequestTag/OwningProject': '?*' },
      },
    });
  });

  it('lets that role tag its session with the owning project alone, and not pass the tag on', () => {
    expect(tag).toEqual({
      Sid: 'OwningProject',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 'sts:TagSession',
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/acme-fulfillment' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['OwningProject'] },
        Null: { 'sts:TransitiveTagKeys': 'true' },
      },
    });
    expect(furtherTrust).toEqual([]);
  });

  it('edits the policies of exactly the registered buckets, in the name of the projects that own a prefix, and does nothing else', () => {
    const statement = (Resource: readonly string[], tags: readonly string[]) => ({
      Effect: 'Allow',
      Action: 's3:*BucketPolicy',
      Resource,
      Condition: { StringLike: { 'aws:PrincipalTag/OwningProject': tags } },
    });
    expect(permissions).toEqual([
      {
        Sid: 'PoliciesOnly',
        Effect: 'Deny',
        NotAction: ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
        Resource: '*',
      },
      OWN_ACCOUNT_ONLY,
      statement(['arn:aws:s3:::acme-raw'], ['*', '5a3se66qm88947', '-']),
      statement(['arn:aws:s3:::acme-raw-us'], ['5a3se66qm88947', '-']),
      statement(['arn:aws:s3:::acme-retired'], ['5a3se66qm88947', '6b4tf77rn99058', '-']),
    ]);
  });

  it('needs no managed policy for a few buckets', () => {
    expect(Object.keys(stack.resource)).toEqual(['aws_iam_role', 'aws_iam_role_policy']);
  });
});

describe('The inspector role', () => {
  it('trusts the operators and auditors of the domain account', () => {
    expect(statementsOf(resourceOf(stack, 'aws_iam_role.inspector')['assume_role_policy'])).toEqual([
      {
        Sid: 'OperatorsAndAuditors',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: 'sts:AssumeRole',
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/acme-operator', 'arn:aws:iam::111111111111:role/acme-auditor'],
          },
        },
      },
    ]);
  });

  it('looks at the registered buckets and changes nothing', () => {
    expect(statementsOf(resourceOf(stack, 'aws_iam_role_policy.inspector_policy')['policy'])).toEqual([
      OWN_ACCOUNT_ONLY,
      {
        Effect: 'Allow',
        Action: [
          's3:GetBucketLocation',
          's3:GetBucketPolicy',
          's3:GetBucketPolicyStatus',
          's3:GetBucketPublicAccessBlock',
          's3:GetEncryptionConfiguration',
        ],
        Resource: ['arn:aws:s3:::acme-raw', 'arn:aws:s3:::acme-raw-us', 'arn:aws:s3:::acme-retired'],
      },
    ]);
  });
});

describe('Rules of the account for roles', () => {
  const ruled = stackOf(synthesized(EXAMPLE), 'bucket-account-222222222222');

  it.each(['editor', 'inspector'])('are followed by the %s role: its path, its prefix, and what bounds it', (name) => {
    expect(resourceOf(ruled, `aws_iam_role.${name}`)).toMatchObject({
      name: `acme-datazone-policy-${name}`,
      path: '/datazone/',
      permissions_boundary: 'arn:aws:iam::222222222222:policy/DeveloperBoundary',
    });
  });

  it("are followed where the domain's roles are named", () => {
    const text = JSON.stringify(ruled);
    expect(text).toContain('arn:aws:iam::111111111111:role/datazone/acme-datazone-fulfillment');
    expect(text).toContain('arn:aws:iam::111111111111:role/datazone/acme-datazone-operator');
  });
});
