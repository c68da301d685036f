import type { PolicyDocument } from '../../../handler/core/policy/policy-document';
import { planPolicy } from '../../../handler/core/policy/policy-plan';
import { sidNamespace } from '../../../handler/core/policy/sid-namespace';
import { document, foreign, grant, head, letIn, NAMESPACE, OTHER_DEPLOYMENT, question, settled } from './builders';
import { planCases } from './policy-plan-cases';

const live = grant('s1', 'a/', { principals: { ann: 'granted' } });
const entering = grant('s2', 'b/', { principals: { bob: 'waiting' } });
const keep = foreign('Keep');

const THIRD_DEPLOYMENT = sidNamespace({ name: 'third', partition: 'aws', account: '111111111111', region: 'eu-west-1' });

describe('a policy is planned:', () => {
  test.each(planCases)('$name', ({ grants, fields, write, lets, left }) => {
    const plan = planPolicy(question(grants, fields));
    expect({ write: plan.write, lets: letIn(plan.statements) }).toEqual({ write, lets });
    expect([...plan.left.values()].map(({ code }) => code)).toEqual(left === undefined ? [] : [left]);
    expect(plan.suspended.size).toBe(0);
    const others = (fields.document?.Statement ?? []).filter((statement) => !String(statement['Sid']).includes(NAMESPACE.deployment));
    expect(plan.foreign).toEqual(others);
    expect(plan.next?.Statement ?? []).toEqual([...others, ...plan.statements]);
    expect(plan.bytes).toBe(plan.next === undefined ? 0 : Buffer.byteLength(JSON.stringify(plan.next)));
  });

  test('a policy in which nothing is left is deleted', () => {
    const held = settled([live]);
    const plan = planPolicy(question([grant('s1', 'a/', { principals: { ann: 'revoking' } })], held));
    expect(plan).toMatchObject({ write: true, next: undefined, bytes: 0 });
  });

  test('Version, Id and unknown elements of the document survive', () => {
    const odd: PolicyDocument = { Id: 'owner', Statement: [keep], Version: '2008-10-17', Comment: { x: [1] } };
    const plan = planPolicy(question([entering], { document: odd }));
    expect(plan.next).toEqual({ ...odd, Statement: [keep, ...plan.statements] });
    expect(planPolicy(question([entering], { document: { Statement: [keep] } })).next).not.toHaveProperty('Version');
  });

  test.each([
    {
      fields: {
        document: document({ Sid: OTHER_DEPLOYMENT.sid('R', 'group01') }, { Sid: THIRD_DEPLOYMENT.sid('R', 'group01') }),
      },
      says: `bucket 'acme-raw' already carries statements of another deployment of this product (${OTHER_DEPLOYMENT.deployment}, ${THIRD_DEPLOYMENT.deployment}); a bucket has one writer: let the bucket retire there first`,
    },
    {
      fields: { head: head([], { frozen: true }) },
      says: "bucket 'acme-raw' is frozen by an operator; unfreeze it to let new grants in",
    },
    {
      fields: { head: head([], { contended: true }) },
      says: "somebody keeps removing our statements from the policy of bucket 'acme-raw'; settle with its owner, then unfreeze it",
    },
  ])('whoever is kept out is told why: $says', ({ fields, says }) => {
    expect([...planPolicy(question([entering], fields)).left.values()].map(({ message }) => message)).toEqual([says]);
  });
});
