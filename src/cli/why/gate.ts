import { parsePolicy, policyFault } from '../../../handler/core/policy/policy-document';
import { deploymentOf } from '../../../handler/core/policy/sid-namespace';
import { type Decision, evaluate, type NamedPolicy } from '../../iam/evaluate';
import type { Principal } from '../../iam/request';

/** What a bucket's policy says to one request. */
export interface GateAnswer {
  readonly action: string;
  readonly decision: Decision['decision'] | 'unknown';
  /** The statement that decided: by its Sid, or its place in the policy. */
  readonly statement?: string;
  /** `ours`: written by this deployment. */
  readonly whose?: 'ours' | 'others';
  /** Why it cannot be told. */
  readonly problem?: string;
}

export interface GateQuestion {
  readonly principal: string;
  readonly bucket: string;
  readonly key: string;
  readonly partition: string;
  readonly region: string;
  readonly bucketAccount: string;
  /** Text of the policy; undefined: the bucket has none. */
  readonly policy: string | undefined;
  /** Key of this deployment in the Sids of its statements. */
  readonly deployment: string;
  readonly now: Date;
}

/** Stands for a reader's own policies, which nobody here can see: taken to allow, so that the bucket's side alone decides. */
const ANYTHING: NamedPolicy = {
  name: 'own policies',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

const principalOf = (arn: string): Principal => {
  const account = arn.split(':')[4] ?? '';
  return arn.includes(':user/') ? { type: 'user', account, arn } : { type: 'role-session', account, arn };
};

/** What the bucket's policy says to reading the key, and to listing the folder that it is in. */
export const askGate = (question: GateQuestion): readonly [read: GateAnswer, list: GateAnswer] => {
  const { partition, bucket, key } = question;
  const arn = `arn:${partition}:s3:::${bucket}`;
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return [
    ask(question, { action: 's3:GetObject', resource: `${arn}/${key}` }),
    ask(question, { action: 's3:ListBucket', resource: arn, context: { 's3:prefix': folder } }),
  ];
};

const ask = (
  question: GateQuestion,
  { action, resource, context = {} }: { action: string; resource: string; context?: Readonly<Record<string, string>> },
): GateAnswer => {
  const principal = principalOf(question.principal);
  const { policy, bucket, bucketAccount, region, now } = question;
  const crossesAccounts = principal.type !== 'service' && principal.account !== bucketAccount;
  const at = `${now.toISOString().slice(0, 19)}Z`;
  const parsed = policy === undefined ? undefined : parsePolicy(policy);
  if (parsed !== undefined && parsed.kind !== 'policy') return { action, decision: 'unknown', problem: policyFault(parsed, bucket) };
  try {
    const { decision, by } = evaluate(
      {
        principal,
        action,
        resource,
        resourceAccount: bucketAccount,
        context: { 'aws:SecureTransport': 'true', 'aws:RequestedRegion': region, 'aws:CurrentTime': at, ...context },
      },
      // Within one account either side suffices: what the bucket's policy alone lets in is asked here.
      {
        identity: crossesAccounts ? [ANYTHING] : [],
        ...(policy === undefined ? {} : { resource: { name: 'bucket policy', document: policy } }),
      },
    );
    if (by === undefined) return { action, decision };
    const whose = deploymentOf({ Sid: by.sid }) === question.deployment ? 'ours' : 'others';
    return { action, decision, statement: by.sid ?? `statement ${by.index + 1}`, whose };
  } catch (error) {
    return { action, decision: 'unknown', problem: error instanceof Error ? error.message : String(error) };
  }
};
