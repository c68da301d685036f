import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLocation } from '../../handler/core/grant/location';
import { parsePrincipal } from '../../handler/core/grant/principal';
import { parsePolicy } from '../../handler/core/policy/policy-document';
import { meaningOf } from '../../handler/core/policy/policy-equality';
import { residualStatements } from '../../handler/core/policy/residual-access';
import { deploymentOf } from '../../handler/core/policy/sid-namespace';
import { bucketArnIn, parseForms } from '../../handler/core/subscription/asset-forms';
import { readMessages } from '../../handler/messages';
import { parseRequest } from '../../handler/operator-request';
import { readSettings } from '../../handler/settings';
import { parseDeployment } from '../../src/deployment/load';
import { at, role } from '../handler/core/builders';
import { SETTINGS } from '../handler/fake-world';

/** Long enough that a reader whose work grows with the square of the length takes as long as thousands of passes over all texts. */
const LENGTH = 200_000;
/** No reader takes as long as this number of passes: the longest takes about 120. */
const MOST_PASSES = 500;

const LONG: readonly string[] = [
  'a',
  '/',
  'a/',
  ':',
  '*',
  '?',
  '${',
  '"',
  '\\',
  '\\"',
  '1',
  '1.',
  '-1e',
  '.',
  '-',
  '=,.@-/',
  '[',
  '{"a":',
  ' ',
  '\n',
  '#',
  'é',
  '\u0000',
].map((bit) => bit.repeat(Math.ceil(LENGTH / bit.length)));

const EXAMPLE = readFileSync(join(__dirname, '../../examples/one-account.yaml'), 'utf8');
const quietly = (work: () => unknown) => {
  try {
    work();
  } catch {
    // What it makes of it is for other tests; here it counts that it comes to its end.
  }
};

const READERS: Readonly<Record<string, (long: string) => unknown>> = {
  'an event': (long) => readMessages({ Records: [{ messageId: 'm', body: long, eventSourceARN: SETTINGS.queueArn }] }, SETTINGS),
  'an id of an event': (long) =>
    readMessages(
      {
        Records: [
          {
            messageId: 'm',
            eventSourceARN: SETTINGS.queueArn,
            body: JSON.stringify({
              source: 'aws.datazone',
              account: long,
              'detail-type': long,
              detail: { metadata: { domain: long, id: long } },
            }),
          },
        ],
      },
      SETTINGS,
    ),
  "an operator's request": (long) => {
    const request = { kind: 'request', id: 'request-0001', at: '2026-01-15T09:30:00Z', reason: 'why', command: 'revoke-principal' };
    const [principal, bucket] = [role('r'), 'acme-raw'];
    return [
      { id: long },
      { at: `2026-01-15T09:30:00.${long}Z` },
      { principal: role(`${long}/r`) },
      { bucket: long },
      { bucket: `a${long}a!` },
    ].map((change) => parseRequest({ ...request, principal, bucket, ...change }));
  },
  "an asset's ARN": (long) => [
    parseLocation(long, 'aws'),
    parseLocation(`arn:aws:s3:::${long}`, 'aws'),
    parseLocation(`arn:aws:s3:::acme-raw/${long}`, 'aws'),
    parseLocation(`arn:aws:s3:::acme-raw/${long}/*`, 'aws'),
  ],
  'a principal': (long) => [
    parsePrincipal(long, { partition: 'aws', accounts: [] }),
    parsePrincipal(role(long), { partition: 'aws', accounts: [] }),
    parsePrincipal(`${role(long)}!`, { partition: 'aws', accounts: [] }),
  ],
  "a listing's forms": (long) => [
    bucketArnIn(parseForms(long), { formName: 'f', listing: 'l' }),
    bucketArnIn(parseForms(JSON.stringify({ f: long, g: { bucketArn: long } })), { formName: 'f', listing: 'l' }),
  ],
  'a policy': (long) => [
    parsePolicy(long),
    parsePolicy(JSON.stringify({ Statement: [{ Sid: long, Resource: long }] })),
    parsePolicy(`{"Statement":[],"Id":[${'1.10,'.repeat(LENGTH / 5)}0]}`),
    parsePolicy(JSON.stringify({ Statement: [], [long]: { [long]: long } })),
    parsePolicy(`{"Statement":[]${' '.repeat(LENGTH)}${',"Id"   :"Id"   '.repeat(2)}}`),
    parsePolicy(`{"Statement":[]${Array.from({ length: LENGTH / 10 }, (_, n) => `,"${n}" : {}`).join('')}}`),
    parsePolicy(`{"Statement":[],"Id":${'{"a":'.repeat(1_000)}0${'}'.repeat(1_000)}}`),
  ],
  'a statement': (long) => {
    const statement = {
      Sid: long,
      Effect: 'Allow',
      Principal: { AWS: long },
      Action: long,
      Resource: long,
      Condition: { StringLike: { 's3:prefix': long } },
    };
    return [
      meaningOf(statement),
      deploymentOf(statement),
      residualStatements([statement], { principal: role('r'), location: at('runs/') }),
    ];
  },
  'a deployment file': (long) => parseDeployment(EXAMPLE.replace('acme', JSON.stringify(long.slice(0, 20_000))), 'f'),
  'the environment': (long) => readSettings({ DEPLOYMENT: long, QUEUE_ARN: `arn:aws:sqs:${long}:1:q`, DOMAIN_ID: `dzd_${long}` }),
};

/** Microseconds of processor time, which other work on the machine does not lengthen. */
const processorTime = (work: () => void): number => {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return user + system;
};

/** Looks at each character of all texts once. */
const pass = (): void => {
  let sum = 0;
  for (const long of LONG) for (let index = 0; index < long.length; index++) sum += long.charCodeAt(index);
  expect(sum).toBeGreaterThan(0);
};

test.each(Object.entries(READERS))('reading %s takes no longer than its length allows, on a machine of any speed', (_what, read) => {
  const passes = Array.from({ length: 9 }, () => processorTime(pass)).sort((one, other) => one - other);
  const reading = processorTime(() => {
    for (const long of LONG) quietly(() => read(long));
  });
  expect(reading / (passes[4] ?? 0)).toBeLessThan(MOST_PASSES);
});
