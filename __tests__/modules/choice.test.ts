import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { App, TerraformStack } from 'cdktf';
import { attributeWhere, blockWhere, type Choice, flagWhere, not, statementWhere, where } from '../../modules/choice';
import { policyDocument } from '../../modules/policy-document';

const WANTED: Choice = { condition: 'var.wanted' };
const STATEMENT = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:queue' } as const;

/** What a stack holds after something was done in it: its queues. */
const queuesOf = (fill: (stack: TerraformStack) => void): Readonly<Record<string, unknown>> => {
  const stack = new TerraformStack(new App({ stackTraces: false }), 'stack');
  fill(stack);
  return stack.toTerraform().resource?.['aws_sqs_queue'] ?? {};
};
const queue = (stack: TerraformStack) => new SqsQueue(stack, 'queue', { name: 'acme' });

describe('A choice', () => {
  it('creates a resource, or none, where it is known', () => {
    expect(queuesOf((stack) => where(true, () => queue(stack)))).toMatchObject({ queue: { name: 'acme' } });
    expect(queuesOf((stack) => where(true, () => queue(stack)))).not.toHaveProperty('queue.count');
    expect(queuesOf((stack) => where(false, () => queue(stack)))).toEqual({});
  });

  it("is a resource's count where Terraform makes it", () => {
    expect(queuesOf((stack) => where(WANTED, () => queue(stack)))).toMatchObject({ queue: { count: '${var.wanted ? 1 : 0}' } });
  });

  it("is a resource's attribute, or no text where there is no resource", () => {
    const texts: string[] = [];
    queuesOf((stack) => {
      const made = queue(stack);
      texts.push(...[true, false, WANTED].map((choice) => attributeWhere(choice, made, 'url')));
    });
    expect(texts).toEqual(['${aws_sqs_queue.queue.url}', '', '${join("", aws_sqs_queue.queue[*].url)}']);
  });

  it('gives a resource a block, none, or a dynamic one', () => {
    const block = (choice: Choice) =>
      queuesOf((stack) => blockWhere(queue(stack), { name: 'timeouts', choice, content: { create: '1m' } }));
    expect(block(true)).toMatchObject({ queue: { timeouts: { create: '1m' } } });
    expect(block(false)).not.toHaveProperty('queue.timeouts');
    expect(block(WANTED)).toMatchObject({
      queue: { dynamic: { timeouts: { for_each: '${var.wanted ? [1] : []}', content: { create: '1m' } } } },
    });
  });

  it('puts a statement into a policy, or leaves it out', () => {
    expect(JSON.parse(policyDocument(statementWhere(true, STATEMENT))).Statement).toEqual([STATEMENT]);
    expect(JSON.parse(policyDocument(statementWhere(false, STATEMENT))).Statement).toEqual([]);
    expect(policyDocument(statementWhere(WANTED, STATEMENT))).toContain(
      `[for wanted in (var.wanted ? [true] : []) : ${JSON.stringify(STATEMENT)}]`,
    );
  });

  it('sets a flag, or leaves it out', () => {
    expect(flagWhere(true, false)).toBe(false);
    expect(flagWhere(false, true)).toBeUndefined();
    const conditioned = queuesOf((stack) => new SqsQueue(stack, 'queue', { fifoQueue: flagWhere(WANTED, true) }));
    expect(conditioned).toMatchObject({ queue: { fifo_queue: '${var.wanted ? true : null}' } });
  });

  it('has an opposite', () => {
    expect([not(true), not(false), not(WANTED)]).toEqual([false, true, { condition: '!(var.wanted)' }]);
  });
});
