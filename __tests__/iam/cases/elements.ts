import { allow, deny, type Fields, OWNER, oldPolicy, ownRole, type PolicyCase, pages, policy, read, roleIn, userIn } from '../policy-case';

const own = read(roleIn(OWNER));
const list = { ...own, action: 's3:ListBucket', resource: 'arn:aws:s3:::raw' };
const tagged = read(roleIn(OWNER, { Folder: 'runs' }));
const wild = read(roleIn(OWNER, { Folder: '*' }));
const home = 'arn:aws:s3:::raw/${aws:PrincipalTag/Folder}/*';
const identity = (request: PolicyCase['request'], statement: Fields) => ({
  request,
  policies: { identity: [policy(statement)] },
});
const bucketPolicy = (request: PolicyCase['request'], statement: Fields) => ({
  request,
  policies: { identity: [policy(allow())], resource: policy(statement) },
});

/** Principal, Action and Resource, their negations, and variables. */
export const elementCases: readonly PolicyCase[] = [
  {
    name: 'unique id of the role',
    source: pages.uniqueIds,
    request: own,
    policies: { identity: [], resource: policy(allow({ Principal: { AWS: 'AROAREADER' } })) },
    expected: 'allowed',
  },
  {
    name: 'unique id of a deleted role',
    source: pages.uniqueIds,
    request: own,
    policies: { identity: [], resource: policy(allow({ Principal: { AWS: 'AROADELETED' } })) },
    expected: 'implicitly-denied',
  },
  {
    name: 'one of several principals',
    source: pages.principal,
    request: own,
    policies: { identity: [], resource: policy(allow({ Principal: { AWS: ['arn:aws:iam::222222222222:user/eve', ownRole] } })) },
    expected: 'allowed',
  },
  {
    name: 'AWS: * is everyone',
    source: pages.principal,
    request: own,
    policies: { identity: [], resource: policy(allow({ Principal: { AWS: '*' } })) },
    expected: 'allowed',
  },
  {
    name: 'the same account number in another partition',
    source: pages.principal,
    ...bucketPolicy(own, deny({ Principal: { AWS: 'arn:aws-cn:iam::222222222222:root' } })),
    expected: 'allowed',
  },
  {
    name: 'a federated principal is not the role',
    source: pages.principal,
    request: own,
    policies: { identity: [], resource: policy(allow({ Principal: { Federated: 'cognito-identity.amazonaws.com' } })) },
    expected: 'implicitly-denied',
  },
  {
    name: 'a service is not named by an account',
    source: pages.principal,
    request: read({ type: 'service', service: 'cloudtrail.amazonaws.com' }),
    policies: { identity: [], resource: policy(allow({ Principal: { AWS: OWNER } })) },
    expected: 'implicitly-denied',
  },
  {
    name: 'NotPrincipal denies everyone else',
    source: pages.notPrincipal,
    ...bucketPolicy(own, deny({ NotPrincipal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::222222222222:user/ada'] } })),
    expected: 'explicitly-denied',
  },
  {
    name: 'NotPrincipal spares a user listed with its account',
    source: pages.notPrincipal,
    ...bucketPolicy(read(userIn(OWNER)), deny({ NotPrincipal: { AWS: ['222222222222', 'arn:aws:iam::222222222222:user/ada'] } })),
    expected: 'allowed',
  },
  {
    name: 'NotPrincipal without the account spares nobody',
    source: pages.notPrincipal,
    ...bucketPolicy(read(userIn(OWNER)), deny({ NotPrincipal: { AWS: 'arn:aws:iam::222222222222:user/ada' } })),
    expected: 'explicitly-denied',
  },
  {
    name: 'NotPrincipal with a role but not its session',
    source: pages.notPrincipal,
    ...bucketPolicy(own, deny({ NotPrincipal: { AWS: ['222222222222', ownRole] } })),
    expected: 'explicitly-denied',
  },
  {
    name: 'NotPrincipal with account, role and session',
    source: pages.notPrincipal,
    ...bucketPolicy(
      own,
      deny({ NotPrincipal: { AWS: ['222222222222', ownRole, 'arn:aws:sts::222222222222:assumed-role/Reader/morning'] } }),
    ),
    expected: 'allowed',
  },

  { name: 'actions ignore case', source: pages.action, ...identity(own, allow({ Action: 'S3:getobject' })), expected: 'allowed' },
  { name: '* in an action', source: pages.action, ...identity(own, allow({ Action: 's3:Get*' })), expected: 'allowed' },
  { name: '? in an action', source: pages.action, ...identity(own, allow({ Action: 's3:?etObject' })), expected: 'allowed' },
  {
    name: 'an action is matched to its end',
    source: pages.action,
    ...identity({ ...own, action: 's3:GetObjectAcl' }, allow({ Action: 's3:GetObject' })),
    expected: 'implicitly-denied',
  },
  { name: 'every action', source: pages.action, ...identity(own, allow({ Action: '*' })), expected: 'allowed' },
  {
    name: 'NotAction leaves the named one out',
    source: pages.notAction,
    ...identity(own, allow({ Action: undefined, NotAction: ['s3:GetObject', 's3:PutObject'] })),
    expected: 'implicitly-denied',
  },
  {
    name: 'NotAction takes all others',
    source: pages.notAction,
    ...identity(own, allow({ Action: undefined, NotAction: 's3:Delete*' })),
    expected: 'allowed',
  },

  {
    name: 'a resource is matched to its end',
    source: pages.resource,
    ...identity(own, allow({ Resource: 'arn:aws:s3:::raw/runs/1' })),
    expected: 'implicitly-denied',
  },
  {
    name: 'resources heed case',
    source: pages.resource,
    ...identity(own, allow({ Resource: 'arn:aws:s3:::raw/Runs/*' })),
    expected: 'implicitly-denied',
  },
  {
    name: '? in a resource is one character',
    source: pages.resource,
    ...identity(own, allow({ Resource: 'arn:aws:s3:::raw/runs/?.png' })),
    expected: 'allowed',
  },
  {
    name: '? in a resource is not none',
    source: pages.resource,
    ...identity(own, allow({ Resource: 'arn:aws:s3:::raw/runs/1?.png' })),
    expected: 'implicitly-denied',
  },
  {
    name: '* in a key crosses slashes and colons',
    source: pages.resource,
    ...identity({ ...own, resource: 'arn:aws:s3:::raw/runs/a/b:c.png' }, allow()),
    expected: 'allowed',
  },
  {
    name: '* inside a part of an ARN stays in it',
    source: pages.resource,
    ...identity(
      { ...own, action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:222222222222:q' },
      allow({ Action: '*', Resource: 'arn:aws:s*s:222222222222:q' }),
    ),
    expected: 'implicitly-denied',
  },
  {
    name: 'a dot in a resource is a dot',
    source: pages.resource,
    ...identity({ ...own, resource: 'arn:aws:s3:::raw/runs/1xpng' }, allow({ Resource: 'arn:aws:s3:::raw/runs/1.png' })),
    expected: 'implicitly-denied',
  },
  {
    name: 'objects do not include their bucket',
    source: pages.resource,
    ...identity(list, allow({ Action: 's3:*', Resource: 'arn:aws:s3:::raw/*' })),
    expected: 'implicitly-denied',
  },
  {
    name: 'NotResource leaves the named one out',
    source: pages.notResource,
    ...identity(own, allow({ Resource: undefined, NotResource: 'arn:aws:s3:::raw/runs/*' })),
    expected: 'implicitly-denied',
  },
  {
    name: 'a deny by NotResource denies all others',
    source: pages.notResource,
    ...bucketPolicy(own, deny({ Principal: '*', Resource: undefined, NotResource: 'arn:aws:s3:::raw/open/*' })),
    expected: 'explicitly-denied',
  },

  { name: 'a variable is replaced', source: pages.variables, ...identity(tagged, allow({ Resource: home })), expected: 'allowed' },
  {
    name: 'a variable without a value matches nothing',
    source: pages.variables,
    ...identity(own, allow({ Resource: home })),
    expected: 'implicitly-denied',
  },
  {
    name: 'a default stands in for an absent variable',
    source: pages.variables,
    ...identity(own, allow({ Resource: "arn:aws:s3:::raw/${aws:PrincipalTag/Folder, 'runs'}/*" })),
    expected: 'allowed',
  },
  {
    name: 'a wildcard in the value of a variable is literal',
    source: pages.variables,
    ...identity(wild, allow({ Resource: home })),
    expected: 'implicitly-denied',
  },
  {
    name: '${*} is a literal asterisk',
    source: pages.variables,
    ...identity(own, allow({ Resource: 'arn:aws:s3:::raw/${*}' })),
    expected: 'implicitly-denied',
  },
  {
    name: '${*} matches an asterisk',
    source: pages.variables,
    ...identity({ ...own, resource: 'arn:aws:s3:::raw/*' }, allow({ Resource: 'arn:aws:s3:::raw/${*}' })),
    expected: 'allowed',
  },
  {
    name: 'without Version 2012-10-17 a variable is literal',
    source: pages.version,
    request: tagged,
    policies: { identity: [oldPolicy(allow({ Resource: home }))] },
    expected: 'implicitly-denied',
  },
  {
    name: 'without Version 2012-10-17 the literal text matches',
    source: pages.version,
    request: { ...own, resource: 'arn:aws:s3:::raw/${aws:PrincipalTag/Folder}/1' },
    policies: { identity: [oldPolicy(allow({ Resource: home }))] },
    expected: 'allowed',
  },
];
