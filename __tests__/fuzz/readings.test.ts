import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { dynamodbRegistry } from '../../handler/adapters/ledger/registry';
import type { HandlerEnv } from '../../handler/contract/environment';
import type { RegistryDocument } from '../../handler/contract/registry';
import { InvalidEnvironment, TransientFailure } from '../../handler/errors';
import { readSettings } from '../../handler/settings';
import { targetInput } from '../../src/cli/catalogue/target-input';
import { CommandFailure } from '../../src/cli/framework/failure';
import { evidenceLines } from '../../src/cli/report/evidence';
import { verifyEvidence } from '../../src/cli/report/verify-evidence';
import { changed, reported } from '../cli/report/reported';
import { BUCKET, SETTINGS } from '../handler/fake-world';
import { fuzz } from './inputs';
import { mutatedJson, mutatedText } from './mutations';
import { expectSentence } from './pipeline';
import { isPrincipal } from './request-form';

const ENV: HandlerEnv = {
  DEPLOYMENT: 'acme',
  MODE: 'enforce',
  EXISTING_SUBSCRIPTIONS: 'grant',
  DOMAIN_ID: SETTINGS.domainId,
  DOMAIN_VERSION: 'v1',
  QUEUE_ARN: SETTINGS.queueArn,
  REGISTRY_TABLE: 'acme-registry',
  LEDGER_TABLE: 'acme-ledger',
  EDITOR_ROLE: 'acme-policy-editor',
  TARGET_PROVIDER: 'datazone-s3-fulfillment',
  MISSING_GRANTS: 'leave',
  OPERATOR_ROLE_ID: 'AROAOPERATOROFACME001',
  REMOVAL_CAP: '50',
  EXPIRES_AFTER: '365',
};
const variables = fc
  .array(
    fc
      .constantFrom(...Object.entries(ENV))
      .chain(([name, value]) => fc.tuple(fc.constant(name), fc.option(mutatedText(value, 2), { nil: undefined }))),
    { maxLength: 2 },
  )
  .map((changes) => ({ ...ENV, ...Object.fromEntries(changes) }));

fuzz('the environment is settings of which each is sound, or an error that names every wrong one', {
  inputs: variables,
  verdicts: ['settings', 'error'],
  check: (env, tally) => {
    try {
      const { deployment, partition, region, account, operatorRoleId, removalCap, expiresAfterDays, targetProvider } = readSettings(env);
      expect([deployment, partition, region, account].join()).toMatch(/^[a-z][a-z0-9-]{1,19},aws[a-z-]*,[a-z0-9-]+,\d{12}$/);
      expect(operatorRoleId === undefined ? env.OPERATOR_ROLE_ID : operatorRoleId).toMatch(/^(AROA[A-Z0-9]{12,124})?$/);
      expect(removalCap >= 1 && removalCap <= 10_000 && Number.isInteger(removalCap)).toBe(true);
      expect(expiresAfterDays === undefined ? env.EXPIRES_AFTER : Number.isInteger(expiresAfterDays)).toBe(
        expiresAfterDays === undefined ? 'never' : true,
      );
      expect(targetProvider).not.toBe('Amazon DataZone');
      tally('settings');
    } catch (error) {
      if (!(error instanceof InvalidEnvironment)) throw error;
      expectSentence(error.message);
      tally('error');
    }
  },
});

const REGISTRY: RegistryDocument = { format: 1, buckets: [BUCKET, { ...BUCKET, name: 'acme-other' }], principalAccounts: ['555555555555'] };

/** A client that any call gets this item from. */
const answering = (document: string): DynamoDBClient => {
  const client = new DynamoDBClient({ region: SETTINGS.region });
  const answer = { response: {}, output: { $metadata: {}, Item: { id: { S: 'registry' }, document: { S: document } } } };
  client.middlewareStack.add(() => () => Promise.resolve(answer), { step: 'initialize', priority: 'high' });
  return client;
};
const clock = { now: () => new Date(0), wait: () => Promise.resolve() };

fuzz('the registry is read whole, or nothing is decided by it', {
  inputs: fc.oneof(
    { weight: 9, arbitrary: mutatedJson(REGISTRY, 2) },
    { weight: 1, arbitrary: mutatedJson({ ...REGISTRY, buckets: [BUCKET, BUCKET] }, 1) },
  ),
  verdicts: ['read', 'not read'],
  share: 0.5,
  check: async (text, tally) => {
    try {
      const { buckets, principalAccounts } = await dynamodbRegistry('acme-registry', { client: answering(text), clock }).read();
      for (const account of principalAccounts) expect(account).toMatch(/^\d{12}$/);
      expect(buckets.size).toBe(JSON.parse(text).buckets.length);
      for (const [name, bucket] of buckets) {
        expect(name).toBe(bucket.name);
        expect(`${name} ${bucket.account} ${bucket.region} ${bucket.state}`).toMatch(
          /^.{3,} \d{12} [a-z]{2}(-[a-z]+)+-\d (active|retiring)$/s,
        );
        for (const { prefix, owningProjects } of bucket.prefixes) {
          expect(typeof prefix).toBe('string');
          for (const project of owningProjects) expect(project).toMatch(/./s);
        }
      }
      tally('read');
    } catch (error) {
      if (!(error instanceof TransientFailure)) throw error;
      expectSentence(error.message);
      tally('not read');
    }
  },
});

const SUBJECT = {
  ...{ deployment: 'acme', bucket: BUCKET.name, generatedAt: '2026-03-01T12:00:00.000Z' },
  ...{ from: '2026-02-01T00:00:00.000Z', to: '2026-02-04T23:59:59.999Z' },
};
const EVIDENCE = evidenceLines(SUBJECT, { changes: [1, 2, 3].map((version) => changed(version)), grants: [reported()] });
const WHOLE = `${EVIDENCE.lines.join('\n')}\n`;
const evidences = fc.oneof(
  mutatedText(WHOLE, 2),
  fc.shuffledSubarray([...EVIDENCE.lines, ...EVIDENCE.lines.slice(1, 3)]).map((lines) => `${lines.join('\n')}\n`),
  fc
    .nat(EVIDENCE.lines.length - 1)
    .chain((at) => mutatedJson(JSON.parse(EVIDENCE.lines[at] ?? ''), 2).map((line) => `${EVIDENCE.lines.with(at, line).join('\n')}\n`)),
);

fuzz('a file of evidence is what was written to the letter, or its first wrong line is named', {
  inputs: fc.tuple(evidences, fc.constantFrom(undefined, EVIDENCE.head)),
  verdicts: ['whole', 'broken'],
  share: 0.5,
  check: ([text, head], tally) => {
    const found = verifyEvidence(text, { head });
    expect(found.kind).toBe(text === WHOLE || `${text}\n` === WHOLE ? 'whole' : 'broken');
    if (found.kind === 'broken') {
      expect(found.line >= 1 && found.line <= text.split('\n').length).toBe(true);
      expectSentence(`the file of evidence: line ${found.line} ${found.message}`);
    }
    tally(found.kind);
  },
});

const TARGET = {
  project: 'p1',
  environment: 'dev',
  name: 'readers',
  principals: ['arn:aws:iam::333333333333:role/reader'],
  manageAccessRole: 'r',
};
const TARGET_YAML = 'project: p1\nenvironment: dev\nname: readers\nprincipals:\n  - arn:aws:iam::333333333333:role/team/reader\n';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'target-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

fuzz("a target's file is read for what it may hold, or refused in a sentence", {
  inputs: fc.oneof(mutatedJson(TARGET, 2), mutatedText(TARGET_YAML, 2)),
  verdicts: ['read', 'refused'],
  share: 0.25,
  check: (text, tally) => {
    const file = join(folder, 'target.yaml');
    writeFileSync(file, text);
    try {
      const input = targetInput({ principals: [] }, file);
      expect(Object.keys(input).filter((key) => !(key in TARGET))).toEqual([]);
      for (const arn of input.principals) expect(isPrincipal(arn)).toBe(true);
      const { principals: _, ...texts } = input;
      for (const value of Object.values(texts)) expect(typeof value).toBe('string');
      if (input.project !== undefined) expect(input.project).toMatch(/^[a-zA-Z0-9_-]{1,36}$/);
      tally('read');
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      expect(error.exitClass).toBe('usage');
      expectSentence(error.message);
      tally('refused');
    }
  },
});
