import { GetBucketEncryptionCommand, GetBucketPolicyStatusCommand, GetPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import type { LedgerReader } from '../../../handler/adapters/ledger/reader';
import { awsPrincipals, isDeadPrincipal } from '../../../handler/core/policy/policy-equality';
import type { RegisteredBucket } from '../../../handler/core/subscription/registry';
import { sortedPolicy, textOf } from '../answers/own-policy';
import type { Inspection } from '../bucket-policy';
import type { Clients } from '../clients';
import type { Context } from '../framework/context';
import { counted } from '../framework/table';
import type { BucketReading } from '../reading';
import type { Check, Finding } from './finding';

/** How far back changes by others are looked for. Milliseconds. */
const THIRTY_DAYS = 30 * 86_400_000;

type Look = { readonly context: Context; readonly inspection: Inspection; readonly ledger: LedgerReader; readonly now: Date };

/** What the buckets themselves say, account by account, with the inspector roles. */
export const policyChecks = (buckets: readonly BucketReading[], look: Look): readonly Check[] =>
  buckets.flatMap(({ name, registered }) =>
    registered === undefined
      ? []
      : [{ name: `bucket ${name}`, look: async () => (await Promise.all([lookAt(registered, look), lookAtChanges(name, look)])).flat() }],
  );

const finding =
  (bucket: string) =>
  (level: Finding['level'], text: string, remedy: string): Finding => ({ level, check: 'bucket', subject: bucket, finding: text, remedy });

const lookAt = async (bucket: RegisteredBucket, { context, inspection }: Look): Promise<readonly Finding[]> => {
  const found = finding(bucket.name);
  const clients = await inspection.clientsFor(bucket);
  if (clients === undefined)
    return [
      found(
        'unknown',
        `the roles of account ${bucket.account} cannot be taken on`,
        `deploy the stack bucket-account-${bucket.account}; if it is, work as an operator or auditor`,
      ),
    ];
  const policy = await inspection.policyOf(bucket);
  if (policy.kind === 'unread')
    return [
      found(
        'problem',
        `the policy cannot be read: ${policy.why}`,
        `create the bucket in account ${bucket.account} and ${bucket.region}, correct the deployment, or look for a Deny in its policy`,
      ),
    ];
  const sorted = sortedPolicy(textOf(policy), { bucket: bucket.name, deployment: context.deployment });
  if (sorted.kind === 'unreadable')
    return [found('problem', sorted.why, 'until then no access is granted or removed on the bucket; show the owner this finding')];
  const dead = [...new Set(sorted.foreign.flatMap(awsPrincipals).filter(isDeadPrincipal))];
  return [
    ...dead.map((id) =>
      found(
        'problem',
        `a statement of the owner names the deleted principal ${id}, so S3 refuses every change`,
        'ask the owner to take it out',
      ),
    ),
    ...sorted.otherDeployments.map((key) =>
      found(
        'problem',
        `deployment '${key}' of this product has statements on it`,
        'keep the bucket in one deployment: un-register it in one of the two, and remove the statements of that one once its grants are gone',
      ),
    ),
    ...(policy.kind === 'policy' ? await lookAtPublicity(bucket, clients) : []),
    ...(await lookAtEncryption(bucket, clients)),
  ];
};

const lookAtPublicity = async ({ name, account }: RegisteredBucket, clients: Clients): Promise<readonly Finding[]> => {
  const place = { Bucket: name, ExpectedBucketOwner: account };
  const { PolicyStatus: status } = await clients.s3().send(new GetBucketPolicyStatusCommand(place));
  if (status?.IsPublic !== true) return [];
  const blocked = await clients.s3().send(new GetPublicAccessBlockCommand(place)).catch(unlessNone);
  const { RestrictPublicBuckets: restricted = false, BlockPublicPolicy: refused = false } = blocked?.PublicAccessBlockConfiguration ?? {};
  if (!restricted && !refused) return [];
  return [
    finding(name)(
      'problem',
      `a statement makes the policy public, so Block Public Access ${restricted ? 'shuts out every other account, our readers too' : 'refuses every change of it'}`,
      'ask the owner to narrow the public statement',
    ),
  ];
};

/** Only this means that there is none. */
const unlessNone = (error: unknown): undefined => {
  if (!(error instanceof Error && error.name === 'NoSuchPublicAccessBlockConfiguration')) throw error;
};

const lookAtEncryption = async ({ name, account }: RegisteredBucket, clients: Clients): Promise<readonly Finding[]> => {
  const { ServerSideEncryptionConfiguration: encryption } = await clients
    .s3()
    .send(new GetBucketEncryptionCommand({ Bucket: name, ExpectedBucketOwner: account }));
  const { SSEAlgorithm: algorithm, KMSMasterKeyID: key } = encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault ?? {};
  if (algorithm === undefined || !algorithm.startsWith('aws:kms')) return [];
  return [
    key === undefined || key.endsWith('alias/aws/s3')
      ? finding(name)(
          'warning',
          'objects are encrypted with the AWS managed key aws/s3, which no other account can use',
          'readers of other accounts need objects under a key of your own, or under S3 managed keys',
        )
      : finding(name)(
          'warning',
          `objects are encrypted with ${key}`,
          'readers need kms:Decrypt on it, in its policy and, across accounts, in their own',
        ),
  ];
};

/** Who replaced our statements lately. */
const lookAtChanges = async (bucket: string, { ledger, now }: Look): Promise<readonly Finding[]> => {
  const changes = (await ledger.history(bucket)).records.filter(
    ({ at, drift }) => (drift === 'wiped' || drift === 'tampered') && now.getTime() - Date.parse(at) < THIRTY_DAYS,
  );
  const last = changes.at(-1);
  if (last === undefined) return [];
  return [
    finding(bucket)(
      'warning',
      `somebody replaced or changed our statements ${counted(changes.length, 'time')} in 30 days, last seen at ${last.at.slice(0, 19)}`,
      `find who in CloudTrail (PutBucketPolicy on ${bucket}); owners on Terraform let the policy be (ignore_changes), or merge ours: datazone-s3 export ${bucket}`,
    ),
  ];
};
