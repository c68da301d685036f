import { QUOTAS, quotaProblems } from '../../src/deployment/quotas';

describe('A quota', () => {
  it.each(Object.entries(QUOTAS))('lets through what fits and refuses one more: %s', (_, quota) => {
    const isText = quota.unit === 'bytes' || quota.unit === 'characters';
    const amount = (count: number) => (isText ? { text: 'a'.repeat(count) } : { count });
    expect(quotaProblems([{ quota, ...amount(quota.limit), where: 'account 1' }])).toEqual([]);
    expect(quotaProblems([{ quota, ...amount(quota.limit + 1), where: 'account 1' }])).toEqual([
      `account 1: ${quota.what} would hold ${quota.limit + 1} ${quota.unit}, and AWS takes ${quota.limit}; ${quota.remedy} (${quota.source})`,
    ]);
  });

  it('counts bytes where AWS does, and no white space in policies', () => {
    expect(quotaProblems([{ quota: QUOTAS.lambdaEnvironment, text: 'é'.repeat(2049), where: 'here' }])[0]).toMatch(/would hold 4098 bytes/);
    expect(quotaProblems([{ quota: QUOTAS.trustPolicy, text: ' '.repeat(3000), where: 'here' }])).toEqual([]);
  });

  it('names an AWS page', () => {
    for (const { source } of Object.values(QUOTAS)) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  });
});
