import type { PolicyDocument } from '../../../handler/core/policy-document';
import { planPolicy } from '../../../handler/core/policy-plan';
import { foreign, grant, letIn, NAMESPACE, question, settled } from './builders';
import { planCases } from './policy-plan-cases';

const live = grant('s1', 'a/', { principals: { ann: 'granted' } });
const entering = grant('s2', 'b/', { principals: { bob: 'waiting' } });
const keep = foreign('Keep');

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
});
