import type { RegisteredBucket } from '../../../handler/core/subscription/registry';
import type { BucketPolicies, PolicyAccess } from '../../../handler/ports';

export const DELETED = 'arn:aws:iam::111111111111:role/deleted';

/** A bucket whose policy is as given, and the port to it. */
export type PoliciesStage = {
  readonly policies: BucketPolicies;
  readonly bucket: RegisteredBucket;
  readonly owningProject: string;
  readonly reader: string;
  readonly give: (policy: string | undefined) => void;
};

const policyFor = (bucket: string, principal: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Reads', Effect: 'Allow', Principal: { AWS: principal }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/public/*` },
    ],
  });

/** What every port to bucket policies must do. */
export const describePolicies = (name: string, open: () => PoliciesStage): void => {
  describe(`bucket policies ${name}`, () => {
    let stage: PoliciesStage;
    let access: PolicyAccess;

    beforeEach(() => {
      stage = open();
      access = { bucket: stage.bucket, owningProject: stage.owningProject };
      stage.give(undefined);
    });

    it('reads that there is none', async () => {
      expect(await stage.policies.read(access)).toBeUndefined();
    });

    it('reads what was written, and replaces it whole', async () => {
      const { policies, bucket, reader } = stage;
      stage.give(policyFor(bucket.name, reader));
      expect(JSON.parse((await policies.read(access)) ?? '')).toEqual(JSON.parse(policyFor(bucket.name, reader)));
      const other = policyFor(bucket.name, reader).replace('Reads', 'Others');
      expect(await policies.write(access, other)).toEqual({ kind: 'written', session: expect.any(String) });
      expect(JSON.parse((await policies.read(access)) ?? '')).toEqual(JSON.parse(other));
    });

    it('removes what is there, and what is not', async () => {
      const { policies, bucket, reader } = stage;
      stage.give(policyFor(bucket.name, reader));
      expect(await policies.remove(access)).toMatchObject({ kind: 'written' });
      expect(await policies.read(access)).toBeUndefined();
      expect(await policies.remove(access)).toMatchObject({ kind: 'written' });
    });

    it('names a principal that does not exist, and leaves the policy as it was', async () => {
      const { policies, bucket, reader } = stage;
      stage.give(policyFor(bucket.name, reader));
      expect(await policies.write(access, policyFor(bucket.name, DELETED))).toEqual({ kind: 'invalid-principal', named: DELETED });
      expect(JSON.parse((await policies.read(access)) ?? '')).toEqual(JSON.parse(policyFor(bucket.name, reader)));
    });

    it('gets ready without a word', async () => {
      expect(await stage.policies.prepare(access)).toBeUndefined();
      expect(await stage.policies.prepare({ ...access, bucket: { ...stage.bucket, account: '999999999999' } })).toBeUndefined();
    });
  });
};
