import { arnsOf, namesOf, policyArn, roleArn, rootArn, trustedRoleArns } from '../../modules/naming';

describe('Names', () => {
  const longest = namesOf('a'.repeat(32));
  const roles = [
    longest.functionRole,
    longest.editorRole,
    longest.inspectorRole,
    longest.schedulerRole,
    longest.operatorRole,
    longest.auditorRole,
  ];

  it('begin with the prefix, but for the log group, which Lambda names, and the alias of the key', () => {
    const { logGroup, keyAlias, ...names } = namesOf('acme');
    for (const name of Object.values(names)) expect(name).toMatch(/^acme-/);
    expect(logGroup).toBe('/aws/lambda/acme-fulfillment');
    expect(keyAlias).toBe('alias/acme-fulfillment');
  });

  it('fit what AWS allows for the longest prefix', () => {
    for (const role of roles) expect(role.length).toBeLessThanOrEqual(64);
    for (const queue of [longest.queue, longest.deadLetterQueue, longest.undeliveredQueue]) expect(queue.length).toBeLessThanOrEqual(80);
    expect(longest.function.length).toBeLessThanOrEqual(64);
    expect(longest.rule.length).toBeLessThanOrEqual(64);
  });

  it('give each role a name of its own', () => {
    expect(new Set(roles).size).toBe(roles.length);
  });
});

describe('ARNs', () => {
  const domain = { partition: 'aws-cn', region: 'cn-north-1', account: '111111111111' };
  const naming = { prefix: 'acme', rolePath: 'service/' };

  it('are computed from names, path, partition, Region and account', () => {
    expect(arnsOf(naming, domain)).toMatchObject({
      queue: 'arn:aws-cn:sqs:cn-north-1:111111111111:acme-fulfillment.fifo',
      rule: 'arn:aws-cn:events:cn-north-1:111111111111:rule/acme-fulfillment',
      scheduleGroup: 'arn:aws-cn:scheduler:cn-north-1:111111111111:schedule-group/acme-fulfillment',
      ledgerTable: 'arn:aws-cn:dynamodb:cn-north-1:111111111111:table/acme-ledger',
      functionRole: 'arn:aws-cn:iam::111111111111:role/service/acme-fulfillment',
      editorRoles: 'arn:aws-cn:iam::*:role/service/acme-policy-editor',
      inspectorRoles: 'arn:aws-cn:iam::*:role/service/acme-policy-inspector',
    });
  });

  it("name the domain account's roles alike there and in the accounts that trust them", () => {
    expect(arnsOf(naming, domain)).toMatchObject(trustedRoleArns(naming, domain));
  });

  it('of roles, policies and an account need no more than partition and account', () => {
    expect(roleArn(domain, 'ci/Deploy')).toBe('arn:aws-cn:iam::111111111111:role/ci/Deploy');
    expect(policyArn(domain, 'Boundary')).toBe('arn:aws-cn:iam::111111111111:policy/Boundary');
    expect(rootArn(domain)).toBe('arn:aws-cn:iam::111111111111:root');
  });
});
