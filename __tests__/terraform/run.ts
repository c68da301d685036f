import { deepStrictEqual, ok } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moduleWorkspace, refusedWorkspace } from './modules';
import { startMoto } from './moto';
import { missingTools } from './process';
import { bundleStub, stackWorkspaces } from './stacks';
import { Tally } from './tally';
import { appliedDocuments, initialise, liveThrough, terraform, type Workspace } from './workspace';

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
  'aws_cloudwatch_event_rule.rule.event_pattern',
  'aws_dynamodb_table_item.registry_item.item',
  'aws_iam_role.editor.assume_role_policy',
  'aws_iam_role_policy.editor_policy.policy',
  'aws_iam_role_policy.role_policy.policy',
  'aws_sqs_queue.queue.policy',
];

/**
 * The synthesized stacks and the emitted modules, each through real Terraform and the real AWS provider, against a moto server of
 * its own, so that both may create the same names. In the end their policies are compared: one construct, two uses.
 */
const suite = async (tally: Tally, folder: string): Promise<void> => {
  const [forStacks, forModules] = await Promise.all([startMoto(), startMoto()]);
  try {
    const handlerZip = bundleStub(folder);
    const { deployment, domain, buckets } = stackWorkspaces({ folder, handlerZip, endpoint: forStacks.endpoint });
    const modules = moduleWorkspace({ folder, handlerZip, endpoint: forModules.endpoint, deployment });
    const stacks = [domain, ...buckets];
    const refused = refusedWorkspace({ folder, handlerZip, endpoint: forModules.endpoint });
    if (!(await initialise(tally, [...stacks, modules, refused.workspace]))) return;
    await tally.step(`${refused.workspace.name}: plan says what to write instead`, async () => {
      const output = await terraform(refused.workspace, ['plan', '-input=false', '-no-color'], [1]);
      // Terraform wraps its messages and draws a border beside them.
      const text = output.replace(/[\s│]+/g, ' ');
      for (const sentence of refused.sentences) ok(text.includes(sentence), `'${sentence}' is not in:\n${output}`);
    });

    const documents = new Map<string, Readonly<Record<string, unknown>>>();
    const remember = (workspace: Workspace) => async () => {
      documents.set(workspace.name, await appliedDocuments(workspace));
    };
    await Promise.all([...stacks, modules].map((workspace) => liveThrough(tally, workspace, remember(workspace))));

    await tally.step('modules: every policy, pattern and item is the one of the stacks', () => {
      const ofStacks: Readonly<Record<string, unknown>> = Object.assign({}, ...stacks.map(({ name }) => documents.get(name)));
      for (const address of COMPARED) ok(ofStacks[address], `the stacks have no ${address}`);
      deepStrictEqual(documents.get(modules.name), ofStacks);
    });
  } finally {
    await Promise.all([forStacks.stop(), forModules.stop()]);
  }
};

const main = async (): Promise<number> => {
  const missing = await missingTools();
  if (missing.length > 0) {
    for (const sentence of missing) console.error(sentence);
    return 1;
  }
  const tally = new Tally();
  const folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  sharePlugins(folder);
  try {
    await tally.step('the suite runs to its end', () => suite(tally, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tally.close();
};

main().then((code) => {
  process.exitCode = code;
});
