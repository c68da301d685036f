import { arnsOf, functionRoleArn, namesOf } from '../../modules/naming';

describe('Names', () => {
  const longest = namesOf('a'.repeat(20));

  it('begin with the deployment, but for the log group, which Lambda names', () => {
    const { logGroup, ...names } = namesOf('acme');
    for (const name of Object.values(names)) expect(name).toMatch(/^acme-/);
    expect(logGroup).toBe('/aws/lambda/acme-fulfillment');
  });

  it('fit what AWS allows for the longest deployment name', () => {
    for (const role of [longest.functionRole, longest.editorRole, longest.inspectorRole, longest.schedulerRole, longest.operatorRole]) {
      expect(role.length).toBeLessThanOrEqual(64);
    }
    for (const queue of [longest.queue, longest.deadLetterQueue, longest.undeliveredQueue]) expect(queue.length).toBeLessThanOrEqual(80);
    expect(longest.function.length).toBeLessThanOrEqual(64);
    expect(longest.rule.length).toBeLessThanOrEqual(64);
  });

  it('give each role a name of its own', () => {
    const roles = [longest.functionRole, longest.editorRole, longest.inspectorRole, longest.schedulerRole, longest.operatorRole];
    expect(new Set(roles).size).toBe(roles.length);
  });
});

describe('ARNs', () => {
  const domain = { partition: 'aws-cn', region: 'cn-north-1', account: '111111111111' };

  it('are computed from names, partition, Region and account', () => {
    expect(arnsOf('acme', domain)).toMatchObject({
      queue: 'arn:aws-cn:sqs:cn-north-1:111111111111:acme-fulfillment.fifo',
      rule: 'arn:aws-cn:events:cn-north-1:111111111111:rule/acme-fulfillment',
      ledgerTable: 'arn:aws-cn:dynamodb:cn-north-1:111111111111:table/acme-ledger',
      functionRole: 'arn:aws-cn:iam::111111111111:role/acme-fulfillment',
      editorRoles: 'arn:aws-cn:iam::*:role/acme-policy-editor',
    });
  });

  it("name the function's role alike for the domain account and for the accounts that trust it", () => {
    expect(functionRoleArn('acme', domain)).toBe(arnsOf('acme', domain).functionRole);
  });
});
