import { planApproved } from '../../handler/core/grant/grant-plan';
import type { Statement } from '../../handler/core/policy/policy-document';
import { planPolicy } from '../../handler/core/policy/policy-plan';
import { type DecisionRules, decide, type ResolvedSubscription } from '../../handler/core/subscription/decision';
import { UnreadableItem } from '../../handler/errors';
import { evaluate } from '../../src/iam/evaluate';
import { BUCKET, NOW, question } from '../handler/core/builders';

/** The account of the bucket. */
export const OWNER = '222222222222';

/** The statements that a subscription which was read like this comes to, in a bucket without a policy. */
export const statementsFor = (resolved: ResolvedSubscription, rules: DecisionRules): readonly Statement[] => {
  const decision = decide(resolved, rules);
  if (decision.kind !== 'grant') return [];
  return planPolicy(question(planApproved(decision, { subscription: resolved.subscription, existing: [], goneTargets: [], now: NOW })))
    .statements;
};

/** Whether a policy of these statements lets a role of the bucket's account read a key. */
export const canRead = (statements: readonly Statement[], { arn, key }: { arn: string; key: string }): boolean => {
  const principal = { type: 'role-session', account: OWNER, arn, sessionArn: `arn:aws:sts::${OWNER}:assumed-role/r/session` } as const;
  const document = { Version: '2012-10-17', Statement: statements };
  const request = { principal, action: 's3:GetObject', resource: `arn:aws:s3:::${BUCKET}/${key}`, resourceAccount: OWNER };
  return evaluate(request, { identity: [], resource: { name: 'bucket', document } }).decision === 'allowed';
};

const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** A refusal is a sentence that a person can be shown, whatever it is about. */
export const expectSentence = (message: string): void => {
  expect([message, message.length > 30, UNPRINTABLE.test(message)]).toEqual([message, true, false]);
};

/** An error is that of an item that cannot be read: it names the item's keys, in a sentence. Any other error fails the test. */
export const expectUnreadable = (error: unknown, item: Readonly<Record<string, unknown>>): void => {
  if (!(error instanceof UnreadableItem)) throw error;
  // Keys are texts in DynamoDB, whatever an input made of them.
  expect(error.item).toEqual({ partition: String(item['pk']), sort: String(item['sk']) });
  expectSentence(error.message);
};
