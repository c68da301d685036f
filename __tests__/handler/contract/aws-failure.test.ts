import { awsError } from '../../../handler/adapters/aws-failure';

describe('an AWS error is read', () => {
  it('with its name and message cut to what may be shown', () => {
    const error = Object.assign(new Error('m'.repeat(5000)), { name: 'N'.repeat(5000) });
    expect(awsError(error)).toMatchObject({ name: `${'N'.repeat(300)}…`, message: `${'m'.repeat(300)}…` });
  });

  it.each([
    ['text', 'arn:aws:iam::333333333333:role/r', 'arn:aws:iam::333333333333:role/r'],
    ['an object', { AWS: 'r' }, '{"AWS":"r"}'],
    ['not there', undefined, undefined],
    ['longer than is kept', 'd'.repeat(5000), `${'d'.repeat(4096)}…`],
  ])('with its detail, which is %s', (_what, Detail, detail) => {
    expect(awsError(Object.assign(new Error('refused'), { Detail })).detail).toBe(detail);
  });

  it('though what was thrown is no error', () => {
    expect(awsError('x'.repeat(400))).toEqual({ name: 'Unknown', message: `${'x'.repeat(300)}…`, status: undefined, detail: undefined });
  });
});
