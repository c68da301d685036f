import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import type { WaitingCode } from '../core/outcome';
import { BucketGone } from '../errors';
import type { BucketPolicies, PolicyAccess, PolicyWrite } from '../ports';
import { awsError, isDenied, isExpired, transient } from './aws-failure';
import { clientSettings } from './client-settings';
import type { EditorSessions } from './sessions';

/** Bucket policies, each read and written by its account's editor role, in its bucket's Region, with its owner stated. */
export const s3BucketPolicies = (sessions: EditorSessions): BucketPolicies => {
  const clients = new Map<string, { readonly session: string; readonly reads: S3Client; readonly writes: S3Client }>();

  const clientsFor = async ({ bucket, owningProject }: PolicyAccess) => {
    const session = await sessions.session(bucket.account, owningProject);
    const key = `${bucket.account} ${owningProject} ${bucket.region}`;
    const known = clients.get(key);
    if (known?.session === session.name) return known;
    const settings = { ...clientSettings(bucket.region), credentials: session.credentials };
    // A write that got no answer may have landed. Retried blindly it could undo what an owner wrote since: whoever retries reads first.
    const made = { session: session.name, reads: new S3Client(settings), writes: new S3Client({ ...settings, maxAttempts: 1 }) };
    clients.set(key, made);
    return made;
  };

  /** Whom AWS does not let in any more tries again with a new session. */
  const giveUpSession = (error: unknown, { bucket, owningProject }: PolicyAccess) => {
    const failure = awsError(error);
    if (isDenied(failure) || isExpired(failure)) sessions.forget(bucket.account, owningProject);
  };

  const target = ({ bucket }: PolicyAccess) => ({ Bucket: bucket.name, ExpectedBucketOwner: bucket.account });

  const written = async (access: PolicyAccess, call: (client: S3Client) => Promise<unknown>): Promise<PolicyWrite> => {
    const { writes, session } = await clientsFor(access);
    try {
      await call(writes);
      return { kind: 'written', session };
    } catch (error) {
      giveUpSession(error, access);
      return rejection(error, access);
    }
  };

  return {
    prepare: async (access) => {
      // The read that follows meets the same failure and reports it.
      await clientsFor(access).catch(() => undefined);
    },
    read: async (access) => {
      const { reads } = await clientsFor(access);
      try {
        const { Policy } = await reads.send(new GetBucketPolicyCommand(target(access)));
        if (Policy === undefined || Policy === '') throw new Error('an answer without a policy');
        return Policy;
      } catch (error) {
        if (awsError(error).name === 'NoSuchBucketPolicy') return undefined;
        giveUpSession(error, access);
        if (awsError(error).name === 'NoSuchBucket') throw new BucketGone(goneMessage(access), { cause: error });
        throw explained(error, access, 'reading');
      }
    },
    write: (access, Policy) => written(access, (client) => client.send(new PutBucketPolicyCommand({ ...target(access), Policy }))),
    remove: (access) => written(access, (client) => client.send(new DeleteBucketPolicyCommand(target(access)))),
  };
};

const goneMessage = ({ bucket }: Pick<PolicyAccess, 'bucket'>): string =>
  `bucket '${bucket.name}' does not exist; create it, or un-register it in the deployment`;

const explained = (error: unknown, access: PolicyAccess, doing: string) =>
  transient(error, { what: `${doing} the policy of bucket '${access.bucket.name}'`, meanings: (failure) => meaning(failure, access) });

const meaning = (
  failure: ReturnType<typeof awsError>,
  { bucket, owningProject }: PolicyAccess,
): { code: WaitingCode; message: string } | undefined => {
  if (failure.name === 'NoSuchBucket') return { code: 'bucket-missing', message: goneMessage({ bucket }) };
  if (failure.status === 301 || failure.name === 'PermanentRedirect' || failure.name === 'AuthorizationHeaderMalformed')
    return {
      code: 'bucket-missing',
      message: `bucket '${bucket.name}' is not in Region '${bucket.region}'; correct its region in the deployment`,
    };
  if (failure.name === 'MethodNotAllowed' || failure.status === 405)
    return {
      code: 'bucket-missing',
      message: `bucket '${bucket.name}' is not of account ${bucket.account}; correct its account in the deployment`,
    };
  if (isDenied(failure))
    return {
      code: 'editor-role-unreachable',
      message: `the editor role of account ${bucket.account} was denied on bucket '${bucket.name}' for owning project '${owningProject}' (${failure.message}); deploy that account's stack, and check that the bucket still belongs to the account and that no Deny shuts the role out`,
    };
  return undefined;
};

/** What S3's refusal of a policy means. Refusals are answers: the policy is as it was. Whatever is no refusal is thrown. */
const rejection = (error: unknown, access: PolicyAccess): PolicyWrite => {
  const failure = awsError(error);
  const { bucket } = access;
  if (failure.name === 'OperationAborted') return { kind: 'conflict' };
  if (failure.name === 'MalformedPolicy' && /principal/i.test(failure.message)) {
    const named = /arn:[^\s"',\]}]+|A[A-Z]{2}A[A-Z0-9]{12,}/.exec(failure.detail ?? failure.message)?.[0];
    return { kind: 'invalid-principal', ...(named === undefined ? {} : { named }) };
  }
  if (/TooLarge/.test(failure.name) || (failure.name === 'MalformedPolicy' && /size|too large|exceed/i.test(failure.message)))
    return {
      kind: 'rejected',
      code: 'policy-full',
      message: `S3 found the policy of bucket '${bucket.name}' too long (${failure.message}); publish wider prefixes, or share roles between subscribers`,
    };
  if (failure.name === 'MalformedPolicy')
    return {
      kind: 'rejected',
      code: 'unavailable',
      message: `S3 refused the policy of bucket '${bucket.name}' (${failure.message}); look for a statement of its owner that S3 no longer accepts`,
    };
  if (isDenied(failure) && /public polic/i.test(failure.message))
    return {
      kind: 'rejected',
      code: 'unavailable',
      message: `Block Public Access refuses any change of the policy of bucket '${bucket.name}' because a statement of its owner is public; ask the owner to remove that statement`,
    };
  throw explained(error, access, 'writing');
};
