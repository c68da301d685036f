import { allow, CONSUMER, deny, foreignRole, OWNER, ownRole, type PolicyCase, pages, policy, read, roleIn, userIn } from '../policy-case';

const own = read(roleIn(OWNER));
const foreign = read(roleIn(CONSUMER));
const toOwnRole = policy(allow({ Principal: { AWS: ownRole } }));
const toForeignRole = policy(allow({ Principal: { AWS: foreignRole } }));
const ownRoot = `arn:aws:iam::${OWNER}:root`;
const foreignRoot = `arn:aws:iam::${CONSUMER}:root`;
const assume = { ...own, action: 'sts:AssumeRole', resource: `arn:aws:iam::${OWNER}:role/editor` };
const assumeAcross = { ...assume, principal: roleIn(CONSUMER) };
const mayAssume = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
const trusts = (principal: unknown) => policy({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' });

/** Who has to say yes, within an account and across. */
export const accountCases: readonly PolicyCase[] = [
  { name: 'nothing says yes', source: pages.logic, request: own, policies: { identity: [] }, expected: 'implicitly-denied' },
  {
    name: 'same account: identity policy alone',
    source: pages.sameAccount,
    request: own,
    policies: { identity: [policy(allow())] },
    expected: 'allowed',
  },
  {
    name: 'same account: resource policy naming the role alone',
    source: pages.sameAccount,
    request: own,
    policies: { identity: [], resource: toOwnRole },
    expected: 'allowed',
  },
  {
    name: 'same account: resource policy naming the user alone',
    source: pages.sameAccount,
    request: read(userIn(OWNER)),
    policies: { identity: [], resource: policy(allow({ Principal: { AWS: `arn:aws:iam::${OWNER}:user/ada` } })) },
    expected: 'allowed',
  },
  {
    name: 'same account: everyone in the resource policy',
    source: pages.principal,
    request: own,
    policies: { identity: [], resource: policy(allow({ Principal: '*' })) },
    expected: 'allowed',
  },
  {
    name: 'same account: the account root only delegates',
    source: pages.principal,
    request: own,
    policies: { identity: [], resource: policy(allow({ Principal: { AWS: ownRoot } })) },
    expected: 'implicitly-denied',
  },
  {
    name: 'same account: the account root and an identity policy',
    source: pages.principal,
    request: own,
    policies: { identity: [policy(allow())], resource: policy(allow({ Principal: { AWS: ownRoot } })) },
    expected: 'allowed',
  },
  {
    name: 'another role in the resource policy',
    source: pages.principal,
    request: own,
    policies: { identity: [], resource: policy(allow({ Principal: { AWS: `${ownRole}2` } })) },
    expected: 'implicitly-denied',
  },
  {
    name: 'cross-account: resource policy alone',
    source: pages.crossAccount,
    request: foreign,
    policies: { identity: [], resource: toForeignRole },
    expected: 'implicitly-denied',
  },
  {
    name: 'cross-account: identity policy alone',
    source: pages.crossAccount,
    request: foreign,
    policies: { identity: [policy(allow())] },
    expected: 'implicitly-denied',
  },
  {
    name: 'cross-account: both',
    source: pages.crossAccount,
    request: foreign,
    policies: { identity: [policy(allow())], resource: toForeignRole },
    expected: 'allowed',
  },
  {
    name: 'cross-account: account root and identity policy',
    source: pages.crossAccount,
    request: foreign,
    policies: { identity: [policy(allow())], resource: policy(allow({ Principal: { AWS: foreignRoot } })) },
    expected: 'allowed',
  },
  {
    name: 'cross-account: the owner root means nothing to a stranger',
    source: pages.principal,
    request: foreign,
    policies: { identity: [policy(allow())], resource: policy(allow({ Principal: { AWS: ownRoot } })) },
    expected: 'implicitly-denied',
  },
  {
    name: 'cross-account: everyone, but no identity policy',
    source: pages.crossAccount,
    request: foreign,
    policies: { identity: [], resource: policy(allow({ Principal: '*' })) },
    expected: 'implicitly-denied',
  },
  {
    name: 'deny in the resource policy outranks the identity policy',
    source: pages.logic,
    request: own,
    policies: { identity: [policy(allow())], resource: policy(deny({ Principal: '*' })) },
    expected: 'explicitly-denied',
  },
  {
    name: 'deny in the identity policy outranks the resource policy',
    source: pages.logic,
    request: own,
    policies: { identity: [policy(deny())], resource: toOwnRole },
    expected: 'explicitly-denied',
  },
  {
    name: 'deny after an allow in one policy',
    source: pages.logic,
    request: own,
    policies: { identity: [policy(allow(), deny())] },
    expected: 'explicitly-denied',
  },
  {
    name: 'deny of the account denies its roles',
    source: pages.principal,
    request: own,
    policies: { identity: [policy(allow())], resource: policy(deny({ Principal: { AWS: OWNER } })) },
    expected: 'explicitly-denied',
  },
  {
    name: 'session policy limits the identity policy',
    source: pages.sameAccount,
    request: own,
    policies: { identity: [policy(allow())], session: policy(allow({ Action: 's3:PutObject' })) },
    expected: 'implicitly-denied',
  },
  {
    name: 'session policy limits a grant to the role',
    source: pages.sameAccount,
    request: own,
    policies: { identity: [], session: policy(allow({ Action: 's3:PutObject' })), resource: toOwnRole },
    expected: 'implicitly-denied',
  },
  {
    name: 'session policy does not limit a grant to the session',
    source: pages.sameAccount,
    request: own,
    policies: {
      identity: [],
      session: policy(allow({ Action: 's3:PutObject' })),
      resource: policy(allow({ Principal: { AWS: `arn:aws:sts::${OWNER}:assumed-role/Reader/morning` } })),
    },
    expected: 'allowed',
  },
  {
    name: 'session policy denies',
    source: pages.logic,
    request: own,
    policies: { identity: [policy(allow())], session: policy(deny()) },
    expected: 'explicitly-denied',
  },
  {
    name: 'role: identity policy without trust',
    source: pages.sameAccount,
    request: assume,
    policies: { identity: [mayAssume], trust: trusts({ Service: 'lambda.amazonaws.com' }) },
    expected: 'implicitly-denied',
  },
  {
    name: 'role: trusted by name in its account',
    source: pages.sameAccount,
    request: assume,
    policies: { identity: [], trust: trusts({ AWS: ownRole }) },
    expected: 'allowed',
  },
  {
    name: 'role: trusted by account, with an identity policy',
    source: pages.sameAccount,
    request: assume,
    policies: { identity: [mayAssume], trust: trusts({ AWS: ownRoot }) },
    expected: 'allowed',
  },
  {
    name: 'role: trusted by account, without an identity policy',
    source: pages.sameAccount,
    request: assume,
    policies: { identity: [], trust: trusts({ AWS: ownRoot }) },
    expected: 'implicitly-denied',
  },
  {
    name: 'role: trusted by name across accounts, without an identity policy',
    source: pages.crossAccount,
    request: assumeAcross,
    policies: { identity: [], trust: trusts({ AWS: foreignRole }) },
    expected: 'implicitly-denied',
  },
  {
    name: 'role: trusted across accounts, with an identity policy',
    source: pages.crossAccount,
    request: assumeAcross,
    policies: { identity: [mayAssume], trust: trusts({ AWS: CONSUMER }) },
    expected: 'allowed',
  },
  {
    name: 'role: its service',
    source: pages.principal,
    request: { ...assume, principal: { type: 'service', service: 'lambda.amazonaws.com' } },
    policies: { identity: [], trust: trusts({ Service: ['events.amazonaws.com', 'lambda.amazonaws.com'] }) },
    expected: 'allowed',
  },
  {
    name: 'role: another service',
    source: pages.principal,
    request: { ...assume, principal: { type: 'service', service: 'ec2.amazonaws.com' } },
    policies: { identity: [], trust: trusts({ Service: 'lambda.amazonaws.com' }) },
    expected: 'implicitly-denied',
  },
];
