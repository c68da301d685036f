import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { type Deployment, parseDeployment } from '../../src/deployment/load';
import { DeploymentError } from '../../src/deployment/problem';
import { fuzz } from './inputs';
import { mutated, mutatedText } from './mutations';

const file = (name: string) => readFileSync(join(__dirname, '../..', name), 'utf8');
const EXAMPLES = ['deployment.example.yaml', 'examples/one-account.yaml', 'examples/two-accounts.yaml'].map(file);

const asYaml = (value: unknown): string => {
  try {
    return stringify(value) ?? '';
  } catch {
    return '';
  }
};

const files = fc.oneof(...EXAMPLES.map((text) => mutatedText(text, 2)), ...EXAMPLES.map((text) => mutated(parse(text), 2).map(asYaml)));

/** What every deployment holds to, whatever was written: names that AWS takes, and nothing that Terraform would read as its own. */
const expectSound = (deployment: Deployment): void => {
  expect(deployment.name).toMatch(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/);
  expect(deployment.mode).toMatch(/^(observe|enforce)$/);
  expect(deployment.existingSubscriptions).toMatch(/^(grant|ignore)$/);
  expect(deployment.domain.account).toMatch(/^\d{12}$/);
  expect(deployment.targetProvider).not.toBe('Amazon DataZone');
  const names = deployment.bucketAccounts.flatMap(({ buckets }) => buckets.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  for (const { account, buckets } of deployment.bucketAccounts) {
    expect(account).toMatch(/^\d{12}$/);
    for (const { name, region, state, prefixes } of buckets) {
      expect(name).toMatch(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);
      expect(region).toMatch(/^[a-z]{2}(-[a-z]+)+-\d$/);
      expect(['active', 'retiring']).toContain(state);
      expect(prefixes.length).toBeGreaterThan(0);
      for (const { prefix, owningProjects } of prefixes) {
        expect(prefix === '' || /^(?!\/)[^*?]+\/$/.test(prefix)).toBe(true);
        expect(owningProjects.length).toBeGreaterThan(0);
      }
    }
  }
  expect(JSON.stringify(deployment)).not.toMatch(/[$%]\{/);
};

fuzz('a deployment file is a sound deployment, or a list of problems with their paths', {
  inputs: files,
  verdicts: ['sound', 'problems'],
  share: 0.5,
  check: (text, tally) => {
    try {
      expectSound(parseDeployment(text, 'deployment.yaml'));
      tally('sound');
    } catch (error) {
      if (!(error instanceof DeploymentError)) throw error;
      expect(error.problems.length).toBeGreaterThan(0);
      for (const problem of error.problems) expect(problem).toMatch(/^\S.*\S$/s);
      tally('problems');
    }
  },
});
