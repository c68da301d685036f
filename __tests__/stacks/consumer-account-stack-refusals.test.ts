import { DeploymentError } from '../../src/deployment/problem';
import { synthesized } from './synthesized';

const BASE = `name: acme
mode: enforce
existingSubscriptions: grant
domain: { id: dzd_bc8e1ez8r2a6xz, account: "111111111111", region: eu-west-1, version: v1 }
bucketAccounts:
  - account: "222222222222"
    buckets: [{ name: acme-raw, prefixes: [{ prefix: runs/, owningProjects: [5a3se66qm88947] }] }]
consumerAccounts:
`;

const CONSUMER = `  - account: "444444444444"
    project: 7c5ug88so00169
    environment: { id: 4n6vi00uq22381 }
    readers: [Analyst]
`;

const problemsIn = (yaml: string): readonly string[] => {
  try {
    synthesized(yaml);
  } catch (error) {
    if (error instanceof DeploymentError) return error.problems;
    throw error;
  }
  return [];
};

/** The good consumer with some text replaced. */
const but = (from: string, to: string): string => {
  if (!CONSUMER.includes(from)) throw new Error(`'${from}' is not in the good consumer`);
  return BASE + CONSUMER.replace(from, to);
};

const readers = (count: number): string => Array.from({ length: count }, (_, index) => `Reader${index}`).join(', ');

const NOTEBOOK = 'notebook: { create: { subnet: subnet-0a1b2c3d } }';
const CREATE = 'create: { name: Imaging, blueprint: { id: 6p8xk22ws44503 } }';
const WHERE = 'account 444444444444 \\(consumer 7c5ug88so00169\\): ';

describe('A consumer', () => {
  it('is accepted as it should be', () => {
    expect(problemsIn(BASE + CONSUMER)).toEqual([]);
    expect(problemsIn(but('[Analyst]', `[${readers(10)}]`))).toEqual([]);
  });

  it.each([
    [
      'with eleven readers',
      but('[Analyst]', `[${readers(11)}]`),
      /^consumerAccounts\[0\]\.readers makes 11 authorized principals, and AWS takes 10; name fewer readers.*subscriptiontarget\.html\)$/,
    ],
    [
      'with ten readers and a notebook',
      but('readers: [Analyst]', `readers: [${readers(10)}]\n    ${NOTEBOOK}`),
      /readers makes 11 authorized principals with the notebook's role, and AWS takes 10;/,
    ],
    ['without a reader', but('readers: [Analyst]', 'readers: []'), /\.readers is empty, and no notebook is made; write names of roles$/],
    ['with a reader twice', but('[Analyst]', '[Analyst, Analyst]'), /\.readers names 'Analyst' twice; name each role once$/],
    [
      'whose reader has a dot in its name',
      but('readers: [Analyst]', 'readers: [Ana.lyst]'),
      new RegExp(
        `^${WHERE}CloudFormation takes only letters, digits and : / _ - in a principal, and not 'arn:aws:iam::444444444444:role/Ana\\.lyst'`,
      ),
    ],
    [
      'whose reader is an ARN',
      but('Analyst', 'arn:aws:iam::444444444444:role/Analyst'),
      /readers\[0\] is 'arn:.*'; write the name of a role/,
    ],
    [
      'whose only reader has a path',
      but('Analyst', 'team/Analyst'),
      new RegExp(`^${WHERE}DataZone takes no path in the role that manages access, which is '.*/team/Analyst'; write subscriptionTarget`),
    ],
    [
      'with a project id that is none',
      but('7c5ug88so00169', 'the project'),
      /\.project is 'the project'; write the id of the consumer project/,
    ],
    ['whose project id is no name', but('7c5ug88so00169', 'Abc_1'), /\.name is missing, and project 'Abc_1' is no name; write up to 19/],
    [
      'with a name too long',
      but('project:', 'name: a-name-of-20-letters\n    project:'),
      /\.name is 'a-name-of-20-letters'; write up to 19/,
    ],
    ['without an environment', but('{ id: 4n6vi00uq22381 }', '{}'), /\.environment has to hold one of two keys; write id for what exists/],
    ['with two environments', but('{ id: 4n6vi00uq22381 }', `{ id: a, ${CREATE} }`), /\.environment has to hold one of two keys; write id/],
    [
      'whose environment has an impossible name',
      but('{ id: 4n6vi00uq22381 }', '{ create: { name: "a/b", blueprint: { id: b } } }'),
      /environment\.create\.name is 'a\/b'; write up to 64/,
    ],
    [
      'whose environment has no blueprint',
      but('{ id: 4n6vi00uq22381 }', '{ create: { name: a } }'),
      /environment\.create\.blueprint is missing; write \{ id: … \}/,
    ],
    [
      'whose notebook has no network',
      but('readers:', 'notebook: { create: {} }\n    readers:'),
      /\.notebook\.create has neither way into a network; write subnet, or directInternetAccess: true$/,
    ],
    [
      'whose notebook has security groups and no subnet',
      but('readers:', 'notebook: { create: { directInternetAccess: true, securityGroups: [sg-0a1b2c3d] } }\n    readers:'),
      /\.notebook\.create has securityGroups without a subnet;/,
    ],
    [
      'whose notebook is in another Region',
      but('readers:', `region: us-east-1\n    ${NOTEBOOK}\n    readers:`),
      new RegExp(`^${WHERE}a notebook is made in the domain's Region, eu-west-1, and not in us-east-1;`),
    ],
    [
      'whose environment is in GovCloud',
      but('{ id: 4n6vi00uq22381 }', `{ ${CREATE} }`).replace('eu-west-1', 'us-gov-west-1'),
      new RegExp(`^${WHERE}CloudFormation makes no environment in us-gov-west-1; make it in the console`),
    ],
    [
      'that reads a bucket that is not registered',
      but('readers:', 'reads: [acme-rw/runs/]\n    readers:'),
      new RegExp(`^${WHERE}reads holds 'acme-rw/runs/', whose bucket is not registered; add it to bucketAccounts`),
    ],
    [
      'that reads a bucket of its own account',
      but('readers:', 'reads: [acme-raw/runs/]\n    readers:').replace('444444444444', '222222222222'),
      /^account 222222222222 \(consumer 7c5ug88so00169\): reads holds 'acme-raw\/runs\/' of the consumer's own account, where .* grants by itself; leave it out$/,
    ],
    [
      'that reads by a wildcard',
      but('readers:', 'reads: ["acme-raw/*/"]\n    readers:'),
      /reads\[0\] is 'acme-raw\/\*\/'; write a registered bucket/,
    ],
    ['that reads by a variable', but('readers:', 'reads: ["acme-raw/${a}/"]\n    readers:'), /reads\[0\] holds a variable/],
    [
      'that reads what is no folder',
      but('readers:', 'reads: [acme-raw/runs]\n    readers:'),
      /reads\[0\] is 'acme-raw\/runs'; write a registered/,
    ],
    [
      'that reads more than a policy holds',
      but('readers:', `reads: [${Array.from({ length: 40 }, (_, index) => `acme-raw/runs/${index}/`).join(', ')}]\n    readers:`),
      new RegExp(
        `^${WHERE}the readers' managed policy would hold \\d+ characters, and AWS takes 6144; read folders that hold those listed`,
      ),
    ],
    [
      'whose role is to be a member in a V1 domain',
      but('readers:', 'membership: { userProfile: existing }\n    readers:'),
      new RegExp(`^${WHERE}membership is for domains of version v2;`),
    ],
    [
      'whose role is to be a member without a word on its profile',
      but('readers:', 'membership: {}\n    readers:').replace('version: v1', 'version: v2'),
      /membership\.userProfile is missing; write create or existing/,
    ],
    [
      'whose role is to be a member of more projects than a template holds',
      but(
        'readers:',
        `membership: { userProfile: existing, projects: [${Array.from({ length: 300 }, (_, index) => `p${index}`).join(', ')}] }\n    readers:`,
      ).replace('version: v1', 'version: v2'),
      new RegExp(`^${WHERE}the template of a CloudFormation stack would hold \\d+ bytes, and AWS takes 51200;`),
    ],
    [
      'whose role is to be a user in GovCloud',
      but('readers:', 'membership: { userProfile: create }\n    readers:').replace('eu-west-1, version: v1', 'us-gov-west-1, version: v2'),
      new RegExp(`^${WHERE}CloudFormation makes no user of a role in partition aws-us-gov;`),
    ],
    [
      'that is there twice',
      `${BASE}${CONSUMER}${CONSUMER}`,
      /^consumerAccounts\[1\]\.project is '7c5ug88so00169', as is that of consumerAccounts\[0\] in the same account; write another name$/,
    ],
  ])('%s is refused with one sentence', (_, yaml, sentence) => {
    expect(problemsIn(yaml)).toEqual([expect.stringMatching(sentence)]);
  });

  it('is refused where another of its account enables the blueprint already', () => {
    const enabling = (name: string) =>
      `${CONSUMER.replace('{ id: 4n6vi00uq22381 }', '{ create: { name: Imaging, blueprint: { id: 6p8xk22ws44503, enable: true } } }')}    name: ${name}\n`;
    expect(problemsIn(BASE + enabling('one') + enabling('two'))).toEqual([
      'consumerAccounts[1].environment.create.blueprint.enable is true, as is that of consumerAccounts[0] in the same account; enable a blueprint once in an account',
    ]);
    expect(problemsIn(BASE + enabling('one') + enabling('two').replace('444444444444', '333333333333'))).toEqual([]);
  });

  it("is refused where another makes the function's role a user of the domain already", () => {
    const member = (account: string) => `${CONSUMER.replace('444444444444', account)}    membership: { userProfile: create }\n`;
    const yaml = `${BASE}${member('333333333333')}${member('444444444444')}`.replace('version: v1', 'version: v2');
    expect(problemsIn(yaml)).toEqual([
      "consumerAccounts[1].membership.userProfile is 'create', as is that of consumerAccounts[0], and the function's role becomes a user of the domain once; write existing",
    ]);
  });
});
