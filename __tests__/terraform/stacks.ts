import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHandler } from '../../src/build/bundle-handler';
import { type DeployPolicy, policiesOf } from '../../src/build/deploy-policies';
import { type Deployment, loadDeployment } from '../../src/deployment/load';
import { deploymentApp } from '../../src/stacks/deployment-app';
import { type AppliedDocument, appliedDocuments } from './applied-documents';
import { eventsArrive } from './events';
import { handlerStarts } from './handler-environment';
import { MOTO_CONSUMER_ACCOUNT, MOTO_DOMAIN_ACCOUNT, motoProvider, writeOverride } from './override';
import { type Recorder, recordCalls } from './recorded-calls';
import type { Tally } from './tally';
import { applyPlan, liveThrough, planChanges, validate, type Workspace } from './workspace';

/** The deployment that is applied. */
export const DEPLOYMENT_FILE = join(__dirname, 'applied.yaml');

/** Where a set of workspaces lives. */
export interface Place {
  readonly folder: string;
  readonly endpoint: string;
  /** Path of a bundled function. */
  readonly handlerZip: string;
}

/** Bundles a function for Terraform to upload; moto runs none, so it need not do anything. */
export const bundleStub = (folder: string): string => {
  const entry = join(folder, 'index.ts');
  writeFileSync(entry, 'export const handler = async () => ({ batchItemFailures: [] });\n');
  return bundleHandler({ outDir: folder, entry }).zip;
};

/** The consumer of which everything is made. */
const ONLY_VALIDATED = 'consumer-account-333333333333-imaging';

/** A stack, and the policies of the role that deploys it. */
interface Stack extends Workspace {
  readonly id: string;
  readonly policies: readonly DeployPolicy[];
}

/** Writes the deployment's stacks; whoever runs Terraform in one points it at moto. */
const synthesize = (deployment: Deployment, { folder, handlerZip }: Place, name: string): readonly Stack[] => {
  const outdir = join(folder, name);
  deploymentApp({ deployment, file: DEPLOYMENT_FILE, handlerZip, app: { outdir } }).synth();
  return Object.entries(policiesOf(deployment, handlerZip)).map(([id, policies]) => ({
    id,
    name: `stack ${id}`,
    folder: join(outdir, 'stacks', id),
    policies,
  }));
};

const pointAt = (endpoint: string, { id, folder }: Stack): void => {
  const resource = id === 'domain-account' ? MOTO_DOMAIN_ACCOUNT : id.startsWith('consumer-account') ? MOTO_CONSUMER_ACCOUNT : undefined;
  writeOverride(folder, { provider: { aws: motoProvider(endpoint) }, resource });
};

/**
 * The synthesized stacks through their lives, at the same time: none waits for another. Meanwhile events are put on the bus, and the
 * middle bucket of three goes and comes back. Answers what was applied.
 */
export const stacksLive = async (tally: Tally, place: Place): Promise<readonly AppliedDocument[]> => {
  const deployment = loadDeployment(DEPLOYMENT_FILE);
  const shorter = synthesize(withoutMiddleBucket(deployment), place, 'shorter.out');
  const documents: AppliedDocument[] = [];
  const live = async (stack: Stack): Promise<void> => {
    const recorder = await recordCalls(place.endpoint);
    try {
      pointAt(recorder.endpoint, stack);
      if (stack.id === ONLY_VALIDATED) {
        await validate(tally, stack);
        return;
      }
      await liveThrough(tally, stack, async () => {
        documents.push(...(await appliedDocuments(stack)));
        if (stack.id === 'domain-account') {
          await handlerStarts(tally, stack);
          await eventsArrive(tally, deployment, place.endpoint);
        }
        await middleBucket(tally, stack, shorter);
      });
      await tally.step(`${stack.name}: nothing was called that its deploy policy does not allow`, () => allowed(stack, recorder));
    } finally {
      await recorder.stop();
    }
  };
  await Promise.all(synthesize(deployment, place, 'cdktf.out').map(live));
  return documents;
};

const allowed = ({ policies }: Stack, recorder: Recorder): void => {
  const actions = new Set(policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action ?? [])));
  const calls = recorder.calls();
  ok(calls.length > 0, 'no call was recorded');
  deepStrictEqual(
    calls.filter((call) => !actions.has(call)),
    [],
  );
};

const withoutMiddleBucket = (deployment: Deployment): Deployment => ({
  ...deployment,
  bucketAccounts: deployment.bucketAccounts.map((account) => ({
    ...account,
    buckets: account.buckets.filter((_, index) => account.buckets.length < 3 || index !== 1),
  })),
});

/** What is changed when a bucket comes or goes, by the folder of a stack. */
const CHANGED: Readonly<Record<string, readonly string[]>> = {
  'domain-account': ['update aws_dynamodb_table_item.registry_item'],
  'bucket-account-222222222222': ['update aws_iam_role_policy.editor_policy', 'update aws_iam_role_policy.inspector_policy'],
};

/** A stack whose file is the same with and without the bucket has nothing to change, and is not planned to see it. */
const middleBucket = async (tally: Tally, stack: Stack, shorter: readonly Stack[]): Promise<void> => {
  const expected = CHANGED[stack.id];
  const other = shorter.find(({ id }) => id === stack.id);
  await tally.step(`${stack.name}: without the middle bucket of three, and with it again, nothing else changes`, async () => {
    if (!other) throw new Error(`${stack.id} is not synthesized without the middle bucket`);
    const file = join(stack.folder, 'cdk.tf.json');
    const [withAll, without] = [readFileSync(file, 'utf8'), readFileSync(join(other.folder, 'cdk.tf.json'), 'utf8')];
    strictEqual(withAll === without, expected === undefined);
    if (!expected) return;
    writeFileSync(file, without);
    deepStrictEqual(await planChanges(stack), expected);
    await applyPlan(stack);
    writeFileSync(file, withAll);
    deepStrictEqual(await planChanges(stack), expected);
  });
};
