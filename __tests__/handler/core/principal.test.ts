import { boundedPrincipal, parsePrincipal } from '../../../handler/core/grant/principal';

const rules = { partition: 'aws', accounts: ['333333333333', '444444444444'] };

type Accepted = { name: string; arn: string };
const accepted: readonly Accepted[] = [
  { name: 'a role', arn: 'arn:aws:iam::333333333333:role/reader' },
  { name: 'a role with a path', arn: 'arn:aws:iam::333333333333:role/team/data/reader' },
  { name: 'a role of the second allowed account', arn: 'arn:aws:iam::444444444444:role/reader' },
  {
    name: 'a role with every character a name may have',
    arn: 'arn:aws:iam::333333333333:role/a_1+=,.@-Z',
  },
  {
    name: 'a role of single sign-on',
    arn: 'arn:aws:iam::333333333333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Read_0123456789abcdef',
  },
  { name: 'a role with a comma in its name', arn: 'arn:aws:iam::333333333333:role/reader,eu' },
  { name: 'a role with a name of 64 letters', arn: `arn:aws:iam::333333333333:role/${'r'.repeat(64)}` },
  { name: 'a role with a path of 512 characters', arn: `arn:aws:iam::333333333333:role/${'p'.repeat(510)}/${'r'.repeat(64)}` },
  { name: 'a role under service-role/', arn: 'arn:aws:iam::333333333333:role/service-role/reader' },
  { name: 'a user', arn: 'arn:aws:iam::333333333333:user/ada' },
  { name: 'a user with a path', arn: 'arn:aws:iam::333333333333:user/people/ada' },
  { name: 'a role that is named like the path of service-linked ones', arn: 'arn:aws:iam::333333333333:role/aws-service-role' },
  { name: 'a role below such a path of its own', arn: 'arn:aws:iam::333333333333:role/team/aws-service-role/reader' },
];

describe('a subscription target may name', () => {
  test.each(accepted)('$name', ({ arn }) => {
    expect(parsePrincipal(arn, rules)).toEqual({ arn });
  });

  test('a role of another partition, if the domain lies in it', () => {
    const arn = 'arn:aws-us-gov:iam::333333333333:role/reader';
    expect(parsePrincipal(arn, { ...rules, partition: 'aws-us-gov' })).toEqual({ arn });
  });
});

type Refused = { name: string; arn: string; code?: string; says: string };
const refused: readonly Refused[] = [
  { name: 'everyone', arn: '*', says: "'*' is no role or user" },
  { name: 'an account id', arn: '333333333333', says: 'no role or user' },
  { name: 'an account root', arn: 'arn:aws:iam::333333333333:root', says: 'no role or user' },
  { name: 'an empty text', arn: '', says: 'no role or user' },
  { name: 'a unique id', arn: 'AROA5XMPLREADERROLE01', says: 'no role or user' },
  { name: 'a role session', arn: 'arn:aws:sts::333333333333:assumed-role/reader/session', says: 'no role or user' },
  { name: 'a group', arn: 'arn:aws:iam::333333333333:group/readers', says: 'no role or user' },
  { name: 'an instance profile', arn: 'arn:aws:iam::333333333333:instance-profile/reader', says: 'no role or user' },
  { name: 'a service', arn: 'lambda.amazonaws.com', says: 'no role or user' },
  { name: 'a role without a name', arn: 'arn:aws:iam::333333333333:role/', says: 'no role or user' },
  { name: 'a role with a wildcard', arn: 'arn:aws:iam::333333333333:role/read*', says: 'no role or user' },
  { name: 'a role with a policy variable', arn: 'arn:aws:iam::333333333333:role/${aws:username}', says: 'no role or user' },
  { name: 'a role with an empty path element', arn: 'arn:aws:iam::333333333333:role//reader', says: 'no role or user' },
  { name: 'a role name of 65 letters', arn: `arn:aws:iam::333333333333:role/${'r'.repeat(65)}`, says: 'no role or user' },
  { name: 'a role path of 513 characters', arn: `arn:aws:iam::333333333333:role/${'p'.repeat(511)}/reader`, says: 'no role or user' },
  { name: 'a path of many elements', arn: `arn:aws:iam::333333333333:role/${'p/'.repeat(256)}reader`, says: 'no role or user' },
  { name: 'an ARN of 2,049 characters', arn: `arn:aws:iam::333333333333:role/${'p/'.repeat(1009)}r`, says: 'no role or user' },
  { name: 'an account of eleven digits', arn: 'arn:aws:iam::33333333333:role/reader', says: 'no role or user' },
  { name: 'an ARN with a Region', arn: 'arn:aws:iam:eu-west-1:333333333333:role/reader', says: 'no role or user' },
  { name: 'a role followed by a line break', arn: 'arn:aws:iam::333333333333:role/reader\n', says: 'no role or user' },
  {
    name: 'a service-linked role',
    arn: 'arn:aws:iam::333333333333:role/aws-service-role/s3.amazonaws.com/AWSServiceRoleForS3',
    says: 'service-linked role',
  },
  { name: 'a role of another partition', arn: 'arn:aws-cn:iam::333333333333:role/reader', says: "partition 'aws-cn'" },
  {
    name: 'a role of another account',
    arn: 'arn:aws:iam::555555555555:role/reader',
    code: 'principal-account-not-allowed',
    says: "to 333333333333, 444444444444; name a role of the environment's account, or add 555555555555 to principalAccounts",
  },
];

describe('a subscription target may not name', () => {
  test.each(refused)('$name', ({ arn, code = 'principal-not-grantable', says }) => {
    expect(parsePrincipal(arn, rules)).toEqual({ kind: 'refused', code, message: expect.stringContaining(says) });
  });

  test('anybody, if no account is known', () => {
    expect(parsePrincipal('arn:aws:iam::333333333333:role/reader', { partition: 'aws', accounts: [] })).toMatchObject({
      code: 'principal-account-not-allowed',
      message: expect.stringContaining('none that is known'),
    });
  });
});

describe('what a subscription target names is kept', () => {
  const ROLE = 'arn:aws:iam::333333333333:role/';
  test.each([
    { name: 'whole, if it is an ARN', value: `${ROLE}reader`, kept: `${ROLE}reader` },
    { name: 'whole, if it is as long as an ARN may be', value: ROLE.padEnd(2048, 'r'), kept: ROLE.padEnd(2048, 'r') },
    { name: 'cut, if it is longer', value: ROLE.padEnd(2049, 'r'), kept: `${ROLE.padEnd(300, 'r')}…` },
    { name: 'cut, if it cannot be an ARN', value: 'r'.repeat(301), kept: `${'r'.repeat(300)}…` },
    { name: 'if it is empty', value: '', kept: '' },
    { name: 'if it is a name that objects have', value: '__proto__', kept: '__proto__' },
    { name: 'as JSON, if it is a number', value: 7, kept: '7' },
    { name: 'as JSON, if it is nothing', value: null, kept: 'null' },
    { name: 'as JSON, if it is an object', value: { arn: ROLE }, kept: `{"arn":"${ROLE}"}` },
    { name: 'if it is not there', value: undefined, kept: 'undefined' },
  ])('$name', ({ value, kept }) => {
    expect(boundedPrincipal(value)).toBe(kept);
  });

  test.each([ROLE.padEnd(2049, 'r'), '', 7, null, undefined, { toJSON: 'x' }])('so that it is refused: %j', (value) => {
    expect(parsePrincipal(boundedPrincipal(value), rules)).toMatchObject({ code: 'principal-not-grantable' });
  });
});
