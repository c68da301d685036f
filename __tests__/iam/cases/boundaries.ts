import { allow, CONSUMER, deny, foreignRole, OWNER, ownRole, type PolicyCase, pages, policy, read, roleIn, userIn } from '../policy-case';

const own = read(roleIn(OWNER));
const user = read(userIn(OWNER));
const narrow = policy(allow({ Action: 's3:PutObject' }));
const wide = policy(allow());
const toRole = policy(allow({ Principal: { AWS: ownRole } }));
const toUser = policy(allow({ Principal: { AWS: `arn:aws:iam::${OWNER}:user/ada` } }));
const toSession = policy(allow({ Principal: { AWS: `arn:aws:sts::${OWNER}:assumed-role/Reader/morning` } }));

/** What a permissions boundary takes, and what it does not. */
export const boundaryCases: readonly PolicyCase[] = [
  {
    name: 'a boundary gives nothing by itself',
    source: pages.boundaries,
    request: own,
    policies: { identity: [], boundary: wide },
    expected: 'implicitly-denied',
  },
  {
    name: 'a boundary that allows it leaves the identity policy as it is',
    source: pages.boundaries,
    request: own,
    policies: { identity: [wide], boundary: wide },
    expected: 'allowed',
  },
  {
    name: 'a boundary limits the identity policy',
    source: pages.boundaries,
    request: own,
    policies: { identity: [wide], boundary: narrow },
    expected: 'implicitly-denied',
  },
  {
    name: 'a boundary limits what a resource policy grants a role',
    source: pages.boundaries,
    request: own,
    policies: { identity: [], boundary: narrow, resource: toRole },
    expected: 'implicitly-denied',
  },
  {
    name: 'a boundary does not limit what a resource policy grants a session',
    source: pages.boundaries,
    request: own,
    policies: { identity: [], boundary: narrow, resource: toSession },
    expected: 'allowed',
  },
  {
    name: 'a boundary does not limit what a resource policy grants a user',
    source: pages.boundaries,
    request: user,
    policies: { identity: [], boundary: narrow, resource: toUser },
    expected: 'allowed',
  },
  {
    name: "a boundary limits a user's identity policy",
    source: pages.boundaries,
    request: user,
    policies: { identity: [wide], boundary: narrow },
    expected: 'implicitly-denied',
  },
  {
    name: 'a deny in a boundary outranks a grant to the session',
    source: pages.boundaries,
    request: own,
    policies: { identity: [wide], boundary: policy(allow(), deny()), resource: toSession },
    expected: 'explicitly-denied',
  },
  {
    name: 'across accounts a boundary limits as it does within',
    source: pages.crossAccount,
    request: read(roleIn(CONSUMER)),
    policies: { identity: [wide], boundary: narrow, resource: policy(allow({ Principal: { AWS: foreignRole } })) },
    expected: 'implicitly-denied',
  },
  {
    name: 'across accounts, within the boundary',
    source: pages.crossAccount,
    request: read(roleIn(CONSUMER)),
    policies: { identity: [wide], boundary: wide, resource: policy(allow({ Principal: { AWS: foreignRole } })) },
    expected: 'allowed',
  },
  {
    name: 'a deny by NotPrincipal spares nobody who has a boundary',
    source: pages.boundaries,
    request: user,
    policies: {
      identity: [wide],
      boundary: wide,
      resource: policy(deny({ NotPrincipal: { AWS: [OWNER, `arn:aws:iam::${OWNER}:user/ada`] } })),
    },
    expected: 'explicitly-denied',
  },
  {
    name: 'session policy and boundary limit together',
    source: pages.logic,
    request: own,
    policies: { identity: [wide], session: wide, boundary: narrow },
    expected: 'implicitly-denied',
  },
];
