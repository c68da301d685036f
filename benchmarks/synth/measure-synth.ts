import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import * as z from 'zod';
import { type Timing, timingOf } from '../harness';
import { ACCOUNT, DOMAIN, REGION } from '../stage';

export type SynthRow = { readonly accounts: number; readonly seconds: Timing; readonly megabytes: Timing };

const ROOT = resolve(__dirname, '../..');
const measured = z.object({ seconds: z.number(), megabytes: z.number(), stacks: z.number() });

const deploymentOf = (accounts: number): string =>
  JSON.stringify({
    name: 'acme',
    mode: 'enforce',
    existingSubscriptions: 'grant',
    domain: { id: DOMAIN, account: ACCOUNT, region: REGION, version: 'v1' },
    bucketAccounts: Array.from({ length: accounts }, (_, index) => ({
      account: String(200_000_000_000 + index),
      buckets: [{ name: `acme-raw-${index}`, prefixes: [{ prefix: 'runs/', owningProjects: ['5a3se66qm88947'] }] }],
    })),
    // Beyond some hundreds of accounts their list is too long for a role's policies, and the organization stands for it.
    organization: 'o-abcdefghij',
    deployRole: 'Deploy',
    state: { backend: 'local' },
  });

/** Synthesizes in a process of its own, whose memory is nobody else's. */
const synthesize = (accounts: number) => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', resolve(__dirname, '../../__tests__/stacks/measure-synthesis.ts')],
    {
      input: deploymentOf(accounts),
      encoding: 'utf8',
      cwd: ROOT,
    },
  );
  if (status !== 0) throw new Error(`the synthesis of ${accounts} accounts failed: ${stderr}`);
  return measured.parse(JSON.parse(stdout));
};

export const measureSynth = (sizes: readonly number[], rounds: number): readonly SynthRow[] => {
  const runs = Array.from({ length: rounds }, () => sizes.map(synthesize));
  return sizes.map((accounts, index) => ({
    accounts,
    seconds: timingOf(runs.map((run) => run[index]?.seconds ?? Number.NaN)),
    megabytes: timingOf(runs.map((run) => run[index]?.megabytes ?? Number.NaN)),
  }));
};
