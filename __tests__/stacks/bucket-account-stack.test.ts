import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { resourceOf, stackOf, statementsOf, synthesized } from './synthesized';

const stack = stackOf(
  synthesized(readFileSync(resolve(__dirname, '../../deployment.example.yaml'), 'utf8')),
  'bucket-account-222222222222',
);
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

  it('edits the policies of exactly the registered buckets, in the name of the projects that own a prefix', () => {
    const statement = (Resource: readonly string[], tags: readonly string[]) => ({
      Effect: 'Allow',
      Action: ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
      Resource,
      Condition: { StringLike: { 'aws:PrincipalTag/OwningProject': tags }, StringEquals: { 'aws:ResourceAccount': '222222222222' } },
    });
    expect(permissions).toEqual([
      statement(['arn:aws:s3:::acme-raw'], ['*', '5a3se66qm88947', '-']),
      statement(['arn:aws:s3:::acme-raw-us'], ['5a3se66qm88947', '-']),
      statement(['arn:aws:s3:::acme-retired'], ['5a3se66qm88947', '6b4tf77rn99058', '-']),
    ]);
  });
});
