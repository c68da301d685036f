import { deepStrictEqual, ok } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppliedDocument } from './applied-documents';
import { bucketOwnersLive } from './bucket-owner';
import { examplesLive } from './examples';
import { modulesLive } from './modules';
import { startMoto } from './moto';
import { DEPARTURES } from './override';
import { missingTools } from './process';
import { bundleStub, type Place, stacksLive } from './stacks';
import { Tally } from './tally';

/** The provider weighs 700 MB: without a mirror or a cache of the caller's, all workspaces share one copy. */
const sharePlugins = (folder: string): void => {
  if (process.env['TF_CLI_CONFIG_FILE'] ?? process.env['TF_PLUGIN_CACHE_DIR']) return;
  const cache = join(folder, 'plugins');
  mkdirSync(cache);
  process.env['TF_PLUGIN_CACHE_DIR'] = cache;
  process.env['TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE'] = '1';
};

/** At least these are compared: whatever the constructs write as JSON text. */
const COMPARED = [
  'aws_cloudformation_stack.subscription_target.template_body',
  'aws_cloudwatch_dashboard.dashboard.dashboard_body',
  'aws_cloudwatch_event_rule.rule.event_pattern',
  'aws_dynamodb_resource_policy.registry_policy.policy',
  'aws_dynamodb_table_item.registry_item.item',
  'aws_iam_policy.reader.policy',
  'aws_iam_role.editor.assume_role_policy',
  'aws_iam_role_policy.editor_policy.policy',
  'aws_iam_role_policy.role_policy.policy',
  'aws_kms_key.key.policy',
  'aws_dynamodb_resource_policy.ledger_policy.policy',
  'aws_sqs_queue.dead_letters.policy',
  'aws_sqs_queue.queue.policy',
  'aws_sqs_queue.undelivered.policy',
];

/** What may run: everything, or only what the arguments name. */
const SETS = ['stacks', 'modules', 'examples', 'bucket-owner'] as const;
type SetName = (typeof SETS)[number];

/** Runs each set at the same time, on a moto server of its own, since they create the same names. */
const suite = async (tally: Tally, folder: string, wanted: readonly SetName[]): Promise<void> => {
  const handlerZip = bundleStub(folder);
  const inSet = async <T>(name: SetName, live: (place: Place) => Promise<T>): Promise<T | undefined> => {
    if (!wanted.includes(name)) return undefined;
    const own = join(folder, name);
    mkdirSync(own);
    const moto = await startMoto();
    try {
      return await live({ folder: own, endpoint: moto.endpoint, handlerZip });
    } finally {
      await moto.stop();
    }
  };
  const [stacks, modules] = await Promise.all([
    inSet('stacks', (place) => stacksLive(tally, place)),
    inSet('modules', (place) => modulesLive(tally, place)),
    inSet('examples', (place) => examplesLive(tally, place)),
    inSet('bucket-owner', (place) => bucketOwnersLive(tally, place)),
  ]);
  if (stacks && modules) await tally.step('modules: every document is the one of the stacks', () => compare(stacks, modules));
};

/** One construct, two uses: what Terraform's expressions made is what TypeScript made. */
const compare = (ofStacks: readonly AppliedDocument[], ofModules: readonly AppliedDocument[]): void => {
  const sorted = (documents: readonly AppliedDocument[]) => documents.map((document) => JSON.stringify(document)).sort();
  for (const attribute of COMPARED)
    ok(
      ofStacks.some((document) => document.attribute === attribute),
      `the stacks have no ${attribute}`,
    );
  deepStrictEqual(sorted(ofModules), sorted(ofStacks));
};

const main = async (args: readonly string[]): Promise<number> => {
  const wanted = SETS.filter((set) => args.length === 0 || args.includes(set));
  const problems = [
    ...args.filter((arg) => !SETS.some((set) => set === arg)).map((arg) => `'${arg}' is no set; write some of ${SETS.join(', ')}`),
    ...(await missingTools()),
  ];
  for (const sentence of problems) console.error(sentence);
  if (problems.length > 0) return 1;
  const tally = new Tally();
  for (const departure of DEPARTURES) tally.warn(departure);
  for (const set of SETS) if (!wanted.includes(set)) tally.warn(`NOT RUN: ${set}`);
  const folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  sharePlugins(folder);
  try {
    await tally.step('the suite runs to its end', () => suite(tally, folder, wanted));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tally.close();
};

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
