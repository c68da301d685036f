import fc from 'fast-check';
import { accessesOf, type Grant, grantKey, isLive } from '../../../handler/core/grant/grant';
import { settleGrants } from '../../../handler/core/grant/grant-settlement';
import { compileStatements } from '../../../handler/core/policy/policy-compiler';
import { accessKey } from '../../../handler/core/policy/policy-cover';
import { LONGEST_POLICY, type PolicyDocument, type Statement } from '../../../handler/core/policy/policy-document';
import { awsPrincipals, sameStatements } from '../../../handler/core/policy/policy-equality';
import { type PolicyPlan, type PolicyQuestion, planPolicy } from '../../../handler/core/policy/policy-plan';
import { deploymentOf } from '../../../handler/core/policy/sid-namespace';
import { documents, grantsIn, inState, oddStatements, rectangles, tightDocuments } from './arbitraries';
import { after, NAMESPACE, NOW, question } from './builders';
import { law } from './property';

/** What a change makes of a bucket: its plan, and its grants once that is written and verified. */
const change = (grants: readonly Grant[], fields: Partial<PolicyQuestion>): { plan: PolicyPlan; grants: readonly Grant[] } => {
  const asked = question(grants, fields);
  const plan = planPolicy(asked);
  return { plan, grants: settleGrants(grants, { plan, candidates: asked.candidates, now: NOW }) };
};

const foreignOf = (document: PolicyDocument | undefined): string =>
  JSON.stringify({
    ...document,
    Statement: (document?.Statement ?? []).filter((statement) => deploymentOf(statement) !== NAMESPACE.deployment),
  });
const oursOf = (document: PolicyDocument | undefined): readonly Statement[] =>
  (document?.Statement ?? []).filter((statement) => deploymentOf(statement) === NAMESPACE.deployment);
const sizeOf = (document: PolicyDocument | undefined): number => (document === undefined ? 0 : Buffer.byteLength(JSON.stringify(document)));
const liveAccesses = (grants: readonly Grant[]) => grants.flatMap((grant) => accessesOf(grant, isLive));
const stateOf = (grants: readonly Grant[]) => grants.map((grant) => [grantKey(grant), grant.principals.map((entry) => entry.state)]);

law(
  'to grant and revoke is to leave a policy as it was',
  fc.tuple(documents, grantsIn('granted'), grantsIn('waiting', { minLength: 1 })),
  ([document, live, entering]) => {
    const before = change(live, document === undefined ? {} : { document });
    const granted = change([...before.grants, ...entering], after(before.plan));
    const leaving = granted.grants.flatMap((grant) =>
      entering.some((one) => grantKey(one) === grantKey(grant)) ? inState([grant], 'revoking') : [grant],
    );
    const revoked = change(leaving, after(granted.plan));
    expect(sameStatements(oursOf(granted.plan.next), compileStatements(liveAccesses(granted.grants), NAMESPACE))).toBe(true);
    expect(foreignOf(revoked.plan.next)).toBe(foreignOf(before.plan.next));
    expect(JSON.stringify(oursOf(revoked.plan.next))).toBe(JSON.stringify(oursOf(before.plan.next)));
  },
);

law(
  'what is not ours stays as it was read, in order, to the letter',
  fc.tuple(documents, grantsIn('granted'), grantsIn('waiting'), fc.integer({ min: 0, max: 4 }), oddStatements),
  ([document, live, entering, place, odd]) => {
    const ours = compileStatements(liveAccesses(live), NAMESPACE);
    const others = document?.Statement ?? [];
    const mixed = [...others.slice(0, place), ...ours, ...others.slice(place), odd];
    const { plan } = change([...live, ...entering], { document: { ...document, Statement: mixed } });
    expect(foreignOf(plan.next)).toBe(foreignOf({ ...document, Statement: [...others, odd] }));
    expect(plan.next && Object.keys(plan.next)).toEqual(Object.keys({ ...document, Statement: [] }));
  },
);

law(
  'a plan is done when it is written: planned again, it writes nothing',
  fc.tuple(documents, grantsIn('granted'), grantsIn('waiting'), grantsIn('revoking')),
  ([document, live, entering, leaving]) => {
    const first = change([...live, ...entering, ...leaving], document === undefined ? {} : { document });
    const second = change(first.grants, after(first.plan));
    expect({ write: second.plan.write, drift: second.plan.drift.kind }).toEqual({ write: false, drift: 'none' });
    expect(JSON.stringify(second.plan.next)).toBe(JSON.stringify(first.plan.next));
    expect(second.grants).toEqual(first.grants);
  },
);

law(
  'whoever a policy of ours names was let in by a grant, to that place',
  fc.tuple(documents, grantsIn('granted'), grantsIn('waiting'), grantsIn('refused'), grantsIn('revoked')),
  ([document, live, entering, refused, revoked]) => {
    const { plan } = change([...live, ...entering, ...refused, ...revoked], document === undefined ? {} : { document });
    const authorized = new Set([...liveAccesses(live), ...liveAccesses(inState(entering, 'granted'))].map(accessKey));
    const principals = new Set([...live, ...entering].flatMap((grant) => grant.principals.map(({ arn }) => arn)));
    expect(plan.statements.flatMap(awsPrincipals).filter((principal) => !principals.has(principal))).toEqual([]);
    const admitted = [...live, ...entering.filter((grant) => !plan.left.has(grantKey(grant)))];
    const expected = compileStatements(
      admitted.flatMap((grant) => accessesOf(grant, () => true)).filter((access) => authorized.has(accessKey(access))),
      NAMESPACE,
    );
    expect(sameStatements(plan.statements, expected)).toBe(true);
  },
);

law(
  'a grant never makes a policy longer than 20,480 bytes, and its length is known exactly',
  fc.tuple(tightDocuments, grantsIn('waiting', { maxLength: 8 })),
  ([document, entering]) => {
    const { plan } = change(entering, { document });
    expect(plan.bytes).toBe(sizeOf(plan.next));
    expect(plan.bytes).toBeLessThanOrEqual(LONGEST_POLICY);
  },
);

law(
  'after any admission, any one grant can be revoked: the rest keeps its access, and the policy fits',
  fc.oneof(fc.tuple(tightDocuments, grantsIn('waiting', { minLength: 1, maxLength: 6 })), rectangles),
  ([document, entering]) => {
    const admitted = change(entering, { document });
    const live = admitted.grants.filter((grant) => grant.principals.some(isLive));
    for (const leaving of live) {
      const rest = live.filter((grant) => grant !== leaving);
      const { plan, grants } = change([...rest, ...inState([leaving], 'revoking')], after(admitted.plan));
      expect([...plan.suspended]).toEqual([]);
      expect(sizeOf(plan.next)).toBeLessThanOrEqual(LONGEST_POLICY);
      expect(JSON.stringify(plan.statements)).toBe(JSON.stringify(compileStatements(liveAccesses(rest), NAMESPACE)));
      expect(stateOf(grants)).toEqual(stateOf([...rest, ...inState([leaving], 'revoked')]));
    }
  },
);

law(
  'however many are revoked at once, and whatever else grew, the policy fits without them',
  fc.tuple(tightDocuments, grantsIn('granted', { minLength: 1, maxLength: 8 }), grantsIn('revoking', { minLength: 1 })),
  ([document, live, leaving]) => {
    const { plan, grants } = change([...live, ...leaving], { document });
    expect(sizeOf(plan.next)).toBeLessThanOrEqual(LONGEST_POLICY);
    const kept = live.filter((grant) => !plan.suspended.has(grantKey(grant)));
    expect(JSON.stringify(plan.statements)).toBe(JSON.stringify(compileStatements(liveAccesses(kept), NAMESPACE)));
    const oldest = (grant: Grant) => grant.principals.map(({ since }) => since).sort()[0] ?? '';
    const suspended = live.filter((grant) => plan.suspended.has(grantKey(grant)));
    for (const grant of suspended) expect(kept.every((other) => oldest(other) <= oldest(grant))).toBe(true);
    expect(grants.slice(live.length)).toEqual(grants.slice(live.length).map((grant) => inState([grant], 'revoked')[0]));
  },
);

test('the draws of tight policies include both room and none', () => {
  const drawn = fc.sample(fc.tuple(tightDocuments, grantsIn('waiting', { minLength: 1, maxLength: 6 })), { numRuns: 100, seed: 1 });
  const left = drawn.map(([document, entering]) => change(entering, { document }).plan.left.size > 0);
  expect(left.filter(Boolean).length).toBeGreaterThan(10);
  expect(left.filter((some) => !some).length).toBeGreaterThan(10);
});
