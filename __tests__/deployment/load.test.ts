import { resolve } from 'node:path';
import { loadDeployment, parseDeployment } from '../../src/deployment/load';
import { DeploymentError } from '../../src/deployment/problem';

const GOOD = `name: acme
mode: enforce
existingSubscriptions: grant
domain: { id: dzd_bc8e1ez8r2a6xz, account: "111111111111", region: eu-west-1, version: v1 }
bucketAccounts:
  - account: "222222222222"
    buckets:
      - name: acme-raw
        prefixes:
          - { prefix: runs/, owningProjects: [5a3se66qm88947] }
`;

const OPERATOR = 'arn:aws:iam::111111111111:role/Operator';

const problemsIn = (yaml: string): readonly string[] => {
  try {
    parseDeployment(yaml, 'deployment.yaml');
  } catch (error) {
    if (error instanceof DeploymentError) return error.problems;
    throw error;
  }
  return [];
};

/** The good file with some text replaced. */
const but = (from: string, to: string): string => {
  if (!GOOD.includes(from)) throw new Error(`'${from}' is not in the good file`);
  return GOOD.replace(from, to);
};

describe('A deployment file', () => {
  it('needs no more than the domain, the buckets, and what to do', () => {
    const deployment = parseDeployment(GOOD, 'deployment.yaml');
    expect(deployment).toMatchObject({
      name: 'acme',
      domain: { partition: 'aws', authorization: 'account', deployRole: undefined },
      targetProvider: 'datazone-s3-fulfillment',
      missingGrants: 'leave',
      reconcile: { removalCap: 50 },
      principalAccounts: [],
      function: { runtime: 'nodejs22.x', memory: 512, timeout: 60, logRetentionDays: 365 },
      queue: { retentionDays: 4 },
      ledger: { deletionProtection: true },
      naming: { prefix: 'acme', rolePath: '' },
      operators: [],
      auditors: [],
      registryWriters: [],
      dashboard: false,
      bucketAccounts: [
        { account: '222222222222', deployRole: undefined, buckets: [{ name: 'acme-raw', region: 'eu-west-1', state: 'active' }] },
      ],
    });
    const { state, alarms, encryption, organization, grantsExpireAfterDays } = deployment;
    for (const option of [state, alarms, encryption, organization, grantsExpireAfterDays, deployment.function.vpc])
      expect(option).toBeUndefined();
  });

  it.each(['deployment.example.yaml', 'examples/one-account.yaml'])('%s is one', (file) => {
    expect(loadDeployment(resolve(__dirname, '../..', file)).name).toBe('acme');
  });

  it('answers five mistakes by five messages, each with its path and what to write', () => {
    const yaml = GOOD.replace('name: acme\n', 'name: Acme_\n')
      .replace('mode: enforce', 'mode: on')
      .replace('"111111111111"', '111111111111')
      .replace('acme-raw', 'Acme.Raw')
      .replace('runs/', '/runs');
    expect(problemsIn(yaml)).toEqual([
      "name is 'Acme_'; write 2 to 20 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen",
      "mode is 'on'; write observe or enforce (observe decides and records, but writes no policy)",
      'domain.account is a number in YAML; write it in quotes: "111111111111"',
      "bucketAccounts[0].buckets[0].name is 'Acme.Raw'; write the name of a general purpose bucket: 3 to 63 lower-case letters, digits, dots and hyphens, no ARN and no reserved prefix or suffix",
      expect.stringMatching(/^bucketAccounts\[0\]\.buckets\[0\]\.prefixes\[0\]\.prefix is '\/runs'; write a prefix that ends in a slash/),
    ]);
  });

  it('reports what does not fit together along with what is wrong in itself', () => {
    const twice = `${GOOD}      - { name: acme-raw, region: cn-north-1, prefixes: [{ prefix: a/, owningProjects: [p] }, { prefix: a/, owningProjects: [q] }] }
  - account: "222222222222"
    buckets: [{ name: acme-raw, prefixes: [{ prefix: "", owningProjects: [p, p] }] }]
colour: blue
`;
    expect(problemsIn(twice)).toEqual([
      expect.stringMatching(/^colour is not a known key; write one of name, mode, /),
      "bucketAccounts[1].account is '222222222222', as is bucketAccounts[0].account; list each account once, with all its buckets",
      "bucketAccounts[0].buckets[1].name is 'acme-raw', as is bucketAccounts[0].buckets[0].name; name each bucket once, under the account that owns it",
      "bucketAccounts[1].buckets[0].name is 'acme-raw', as is bucketAccounts[0].buckets[0].name; name each bucket once, under the account that owns it",
      "bucketAccounts[0].buckets[1].prefixes[1].prefix is 'a/', as is bucketAccounts[0].buckets[1].prefixes[0].prefix; write each prefix of a bucket once, with all its owning projects",
      "bucketAccounts[1].buckets[0].prefixes[0].owningProjects[1] is 'p', as is bucketAccounts[1].buckets[0].prefixes[0].owningProjects[0]; name each project once",
      "bucketAccounts[0].buckets[1].region is 'cn-north-1' in partition aws-cn, but the domain is in aws; write a Region of aws",
    ]);
  });

  const within = (outer: string, inner: string, prefix = 'runs/deep/') =>
    problemsIn(
      but(
        'runs/, owningProjects: [5a3se66qm88947] }',
        `runs/, owningProjects: ${outer} }\n          - { prefix: ${prefix}, owningProjects: ${inner} }`,
      ),
    );

  it('refuses overlapping prefixes of two projects with one sentence', () => {
    expect(within('[p]', '[q]')).toEqual([
      "bucketAccounts[0].buckets[0].prefixes[1].prefix is 'runs/deep/' of project 'q', within 'runs/' of project 'p' (bucketAccounts[0].buckets[0].prefixes[0]); let both have a project in common, or write prefixes that do not overlap",
    ]);
    expect(within('[p]', '[q, r]', '""')).toEqual([
      "bucketAccounts[0].buckets[0].prefixes[0].prefix is 'runs/' of project 'p', within '' of projects 'q', 'r' (bucketAccounts[0].buckets[0].prefixes[1]); let both have a project in common, or write prefixes that do not overlap",
    ]);
  });

  it.each([
    ['that have a project in common', '[p]', '[q, p]', 'runs/deep/'],
    ['of which one is open to any project', '[p]', '["*"]', 'runs/deep/'],
    ['that only look alike', '[p]', '[q]', 'runs-deep/'],
  ])('accepts prefixes %s', (_, outer, inner, prefix) => {
    expect(within(outer, inner, prefix)).toEqual([]);
  });

  it.each([
    [
      'an unknown key close to a known one',
      `${GOOD}targetProvidr: ours\n`,
      /^targetProvidr is not a known key; did you mean 'targetProvider'\?$/,
    ],
    ['a key that is no word', `${GOOD}" ": ours\n`, /^" " is not a known key; write one of/],
    [
      'no Region, by which no ARN can be judged',
      `${but('region: eu-west-1', 'region: ""')}alarms: { topic: "arn:aws:sns:eu-west-1:111111111111:trouble" }\n`,
      /^domain\.region is ''; write/,
    ],
    ['no mode', but('mode: enforce\n', ''), /^mode is missing; write observe or enforce/],
    ['no existingSubscriptions', but('existingSubscriptions: grant\n', ''), /^existingSubscriptions is missing; write grant or ignore/],
    ['no version of the domain', but(', version: v1', ''), /^domain\.version is missing; write v1 or v2/],
    ['a name that ends in a hyphen', but('name: acme\n', 'name: acme-\n'), /^name is 'acme-'; write 2 to 20/],
    ['an account whose leading zero YAML dropped', but('"222222222222"', '022222222222'), /write it in quotes: "022222222222"$/],
    [
      'no account at all',
      but('account: "222222222222"', 'account: 5'),
      /^bucketAccounts\[0\]\.account is a number in YAML; write the 12 digits/,
    ],
    [
      "DataZone's own provider",
      `${GOOD}targetProvider: Amazon DataZone\n`,
      /^targetProvider is 'Amazon DataZone', whose subscription targets DataZone fulfils itself/,
    ],
    ['a wildcard in a prefix', but('runs/,', '"runs/*/",'), /prefix is 'runs\/\*\/'; write a prefix that ends in a slash/],
    ['a policy variable in a prefix', but('runs/,', '"${aws:username}/",'), /prefix is '\$\{aws:username\}\/'; write/],
    ['a prefix without its slash', but('runs/,', 'runs,'), /prefix is 'runs'; write a prefix that ends in a slash/],
    ['projects beside any project', but('[5a3se66qm88947]', '["*", 5a3se66qm88947]'), /owningProjects names projects beside "\*"/],
    ['no owning project', but('[5a3se66qm88947]', '[]'), /owningProjects is an empty list; write the ids of the projects/],
    [
      'a project id that YAML takes for a number',
      but('[5a3se66qm88947]', '[12345678901234]'),
      /owningProjects\[0\] is a number in YAML; write it in quotes: "12345678901234"/,
    ],
    ['an ARN for a bucket', but('acme-raw', 'arn:aws:s3:::acme-raw'), /name is 'arn:aws:s3:::acme-raw'; write the name/],
    ['an address for a bucket', but('acme-raw', '192.168.1.1'), /name is '192\.168\.1\.1'; write the name/],
    ['a directory bucket', but('acme-raw', 'acme--euw1-az1--x-s3'), /; write the name of a general purpose bucket/],
    ['a Region that is none', but('eu-west-1', 'Europe'), /^domain\.region is 'Europe'; write a Region/],
    ['a Region of an isolated partition', but('eu-west-1', 'us-iso-east-1'), /whose partition is not supported/],
    ['an ARN for a role', `${GOOD}deployRole: arn:aws:iam::1:role/Deploy\n`, /^deployRole is .*; write the name of a role without its ARN/],
    ['an unknown backend', `${GOOD}state: { backend: gcs }\n`, /^state\.backend has no known backend; write \{ backend: s3/],
    ['a reserved tag', `${GOOD}tags: { "aws:team": a }\n`, /^tags\.aws:team is 'aws:team'; write a tag key/],
    [
      'a retention that CloudWatch does not offer',
      `${GOOD}function: { logRetentionDays: 8 }\n`,
      /^function\.logRetentionDays is 8, which CloudWatch does not offer/,
    ],
    [
      'a runtime that not every provider admitted knows',
      `${GOOD}function: { runtime: nodejs24.x }\n`,
      /^function\.runtime is 'nodejs24\.x'; write nodejs20\.x or nodejs22\.x \(every AWS provider admitted, >= 5\.100\.0, < 7\.0\.0, knows these\)$/,
    ],
    [
      'a project id that is none',
      but('[5a3se66qm88947]', '["5a3se66/qm88947"]'),
      /owningProjects\[0\] is '5a3se66\/qm88947'; write the id/,
    ],
    ['a name too long', but('name: acme\n', `name: ${'a'.repeat(21)}\n`), /^name is 'a{21}'; write 2 to 20/],
    ['a prefix too long', `${GOOD}namePrefix: ${'a'.repeat(33)}\n`, /^namePrefix is 'a{33}'; write 2 to 32/],
    ['a path that begins with a slash', `${GOOD}iam: { rolePath: /service/ }\n`, /^iam\.rolePath is '\/service\/'; write the path/],
    [
      'an operator that is an account',
      `${GOOD}operators: ["111111111111"]\n`,
      /^operators\[0\] is '111111111111'; write the ARN of a role or user/,
    ],
    [
      'an operator twice',
      `${GOOD}operators: [${OPERATOR}, ${OPERATOR}]\n`,
      /^operators\[1\] is '.*', as is operators\[0\]; name each once$/,
    ],
    [
      'an operator of another partition',
      `${GOOD}operators: [${OPERATOR.replace('aws', 'aws-cn')}]\n`,
      /^operators\[0\] is '.*' in partition aws-cn, but the domain is in aws; name one of aws$/,
    ],
    [
      'a topic in another Region, which alarms do not reach',
      `${GOOD}alarms: { topic: "arn:aws:sns:us-east-1:111111111111:trouble" }\n`,
      /^alarms\.topic is '.*' in Region us-east-1, but the domain is in eu-west-1; name one in eu-west-1$/,
    ],
    [
      'a Region that is none, to which nothing is compared',
      `${GOOD.replace('eu-west-1', '"- "')}alarms: { topic: "arn:aws:sns:us-east-1:111111111111:trouble" }\n`,
      /^domain\.region is '- '; write a Region, such as eu-west-1$/,
    ],
    [
      'a key by its alias',
      `${GOOD}encryption: { key: alias/ours }\n`,
      /^encryption\.key is 'alias\/ours'; write create, or the ARN of a KMS key/,
    ],
    [
      'a zip in S3 of which no change would be seen',
      `${GOOD}function: { handler: { bucket: acme-artifacts, key: handler.zip } }\n`,
      /^function\.handler has neither version nor sha256/,
    ],
    [
      'a reconcile that may take away nothing',
      `${GOOD}reconcile: { removalCap: 0 }\n`,
      /^reconcile\.removalCap is 0; write a whole number from 1 to 10000 \(principals' accesses/,
    ],
    [
      'an expiry that is no number of days',
      `${GOOD}grantsExpireAfterDays: never\n`,
      /^grantsExpireAfterDays is 'never'; write a whole number from 1 to 3650 \(days/,
    ],
    ['a list that is a word', but('[5a3se66qm88947]', '5a3se66qm88947'), /owningProjects is '5a3se66qm88947'; write the ids/],
    ['a word that is a list', but('mode: enforce', 'mode: [enforce]'), /^mode is a list; write observe or enforce/],
  ])('refuses %s with one sentence', (_, yaml, sentence) => {
    expect(problemsIn(yaml)).toEqual([expect.stringMatching(sentence)]);
  });

  it.each([
    ['text that is not YAML', 'name: [', /^is not YAML: /],
    ['an alias of nothing', but('acme\n', '*acme\n'), /^is not YAML: Unresolved alias .*: acme/],
    [
      'aliases that multiply beyond all measure',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefg'].map((key, index) => `${key}: &${key} [${Array(10).fill(`*${'abcdef'[index]}`)}]\n`).join('')}`,
      /^is not YAML: Excessive alias count/,
    ],
    ['a key written twice', `${GOOD}mode: observe\n`, /^is not YAML: Map keys must be unique/],
    ['an empty file', '', /^the file is empty; write a deployment/],
  ])('refuses %s', (_, yaml, sentence) => {
    expect(problemsIn(yaml)[0]).toMatch(sentence);
  });

  it('says which file is missing and how to name another', () => {
    expect(() => loadDeployment('/nowhere/deployment.yaml')).toThrow(
      /^\/nowhere\/deployment\.yaml: 1 problem; nothing was written\n {2}cannot be read .*npm run synth -- path\/to/,
    );
  });

  it("lets an empty deployRole stand for the caller's credentials, whatever the common one", () => {
    const deployment = parseDeployment(`${but('version: v1', 'version: v1, deployRole: null')}deployRole: Deploy\n`, 'deployment.yaml');
    expect(deployment.domain.deployRole).toBeUndefined();
    expect(deployment.bucketAccounts[0]?.deployRole).toBe('Deploy');
  });

  it('lets the deploy role of the domain account write the registry, beside those who are named', () => {
    const deployment = parseDeployment(`${GOOD}deployRole: ci/Deploy\nregistryWriters: [${OPERATOR}]\n`, 'deployment.yaml');
    expect(deployment.registryWriters).toEqual(['arn:aws:iam::111111111111:role/ci/Deploy', OPERATOR]);
  });

  it('may have a prefix of its own for names in AWS', () => {
    expect(parseDeployment(`${GOOD}namePrefix: acme-datazone\niam: { rolePath: service/ }\n`, 'deployment.yaml').naming).toEqual({
      prefix: 'acme-datazone',
      rolePath: 'service/',
    });
  });
});
