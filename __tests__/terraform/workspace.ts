import { run } from './process';
import type { Tally } from './tally';

/** A folder with a Terraform configuration, and what to call it. */
export interface Workspace {
  readonly name: string;
  readonly folder: string;
}

/** Runs Terraform in a workspace and answers its output; any other exit code than those expected is an error with that output. */
export const terraform = async ({ folder }: Workspace, args: readonly string[], expected: readonly number[] = [0]): Promise<string> => {
  const { code, output } = await run('terraform', args, { cwd: folder, env: { ...process.env, TF_IN_AUTOMATION: '1' } });
  if (code === null || !expected.includes(code)) throw new Error(`terraform ${args.join(' ')} ended with ${code}\n${output}`);
  return output;
};

/** Initialises workspaces one after the other: Terraform's plugin cache is not made for several at once. */
export const initialise = async (tally: Tally, workspaces: readonly Workspace[]): Promise<boolean> => {
  for (const workspace of workspaces) {
    const passed = await tally.step(`${workspace.name}: init`, async () => {
      await terraform(workspace, ['init', '-input=false', '-no-color']);
    });
    if (!passed) return false;
  }
  return true;
};

/** Validates, plans, applies, finds nothing left to change, looks at the result, and destroys it. */
export const liveThrough = async (tally: Tally, workspace: Workspace, inspect: () => Promise<void> = async () => {}): Promise<void> => {
  const step = (name: string, args: readonly string[]) =>
    tally.step(`${workspace.name}: ${name}`, async () => {
      await terraform(workspace, [...args, '-no-color']);
    });
  const applied =
    (await step('validate', ['validate'])) &&
    (await step('plan', ['plan', '-input=false', '-out=first.tfplan'])) &&
    (await step('apply', ['apply', '-input=false', 'first.tfplan']));
  // Detailed: 0 is an empty plan, 2 one with changes.
  if (applied) await step('the second plan is empty', ['plan', '-input=false', '-detailed-exitcode']);
  if (applied) await inspect();
  await step('destroy', ['destroy', '-input=false', '-auto-approve']);
};

/** JSON attributes of applied resources, parsed, by address without its modules: `aws_iam_role.editor.assume_role_policy`. */
export const appliedDocuments = async (workspace: Workspace): Promise<Readonly<Record<string, unknown>>> => {
  const { values } = JSON.parse(await terraform(workspace, ['show', '-json']));
  return Object.fromEntries(resourcesOf(values.root_module).flatMap(documentsOf));
};

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Module {
  readonly resources?: readonly Resource[];
  readonly child_modules?: readonly Module[];
}

const resourcesOf = (module: Module): readonly Resource[] => [
  ...(module.resources ?? []),
  ...(module.child_modules ?? []).flatMap(resourcesOf),
];

const DOCUMENTS = ['assume_role_policy', 'policy', 'event_pattern', 'item'];

const documentsOf = ({ type, name, values }: Resource): readonly (readonly [string, unknown])[] =>
  DOCUMENTS.flatMap((attribute) => {
    const text = values[attribute];
    return typeof text === 'string' && text !== '' ? [[`${type}.${name}.${attribute}`, deeplyParsed(text)] as const] : [];
  });

/** JSON in JSON is parsed too, so that the order of keys in it does not matter. */
const deeplyParsed = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => (typeof value === 'string' && value.startsWith('{') ? JSON.parse(value) : value));
