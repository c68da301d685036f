import { run } from './process';
import type { Tally } from './tally';

/** A folder with a Terraform configuration, and what to call it. */
export interface Workspace {
  readonly name: string;
  readonly folder: string;
  /** @default the environment of the suite alone */
  readonly env?: Readonly<Record<string, string>>;
}

/** Most of a command's time is the provider's start, and a third of that Go's collection of garbage in a process that soon ends. */
const QUICK = { TF_IN_AUTOMATION: '1', GOGC: '400' };

/** Runs Terraform in a workspace and answers its output; any other exit code than those expected is an error with that output. */
export const terraform = async (
  { folder, env }: Workspace,
  args: readonly string[],
  expected: readonly number[] = [0],
): Promise<string> => {
  const { code, output } = await run('terraform', args, { cwd: folder, env: { ...process.env, ...QUICK, ...env } });
  if (code === null || !expected.includes(code)) throw new Error(`terraform ${args.join(' ')} ended with ${code}\n${output}`);
  return output;
};

let initialised: Promise<unknown> = Promise.resolve();

/** Initialises a workspace, after any other that is being initialised: the plugin cache is not made for several at once. */
export const initialise = (tally: Tally, workspace: Workspace): Promise<boolean> => {
  const turn = initialised.then(() =>
    tally.step(`${workspace.name}: init`, async () => {
      await terraform(workspace, ['init', '-input=false', '-no-color']);
    }),
  );
  initialised = turn;
  return turn;
};

/** Initialises and validates a workspace. */
export const validate = async (tally: Tally, workspace: Workspace): Promise<boolean> =>
  (await initialise(tally, workspace)) &&
  (await tally.step(`${workspace.name}: validate`, async () => {
    await terraform(workspace, ['validate', '-no-color']);
  }));

/** Plans and applies. */
export const apply = async (workspace: Workspace): Promise<void> => {
  await terraform(workspace, ['apply', '-input=false', '-no-color', '-auto-approve']);
};

/** Fails unless a plan has nothing to change. */
export const planNothing = async (workspace: Workspace): Promise<void> => {
  // Detailed: 0 is an empty plan, 2 one with changes.
  await terraform(workspace, ['plan', '-input=false', '-no-color', '-detailed-exitcode']);
};

/** What a plan of the configuration alone, kept as `next.tfplan`, would change: `update aws_iam_role.role`. */
export const planChanges = async (workspace: Workspace): Promise<readonly string[]> => {
  const output = await terraform(workspace, ['plan', '-input=false', '-refresh=false', '-json', '-out=next.tfplan']);
  const messages: readonly PlanMessage[] = output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  return messages
    .flatMap(({ type, change }) => (type === 'planned_change' && change ? [`${change.action} ${change.resource.addr}`] : []))
    .sort();
};

/** Applies the plan that was kept. */
export const applyPlan = async (workspace: Workspace): Promise<void> => {
  await terraform(workspace, ['apply', '-input=false', '-no-color', 'next.tfplan']);
};

/** https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
interface PlanMessage {
  readonly type: string;
  readonly change?: { readonly action: string; readonly resource: { readonly addr: string } };
}

/** Initialises, validates, plans, applies, finds nothing left to change, does what it is told meanwhile, and destroys it all. */
export const liveThrough = async (tally: Tally, workspace: Workspace, meanwhile: () => Promise<void> = async () => {}): Promise<void> => {
  if (!(await validate(tally, workspace))) return;
  const { name } = workspace;
  const applied = await tally.step(`${name}: plan and apply`, () => apply(workspace));
  if (applied && (await tally.step(`${name}: the second plan is empty`, () => planNothing(workspace)))) await meanwhile();
  await tally.step(`${name}: destroy leaves nothing`, async () => {
    await terraform(workspace, ['destroy', '-input=false', '-refresh=false', '-auto-approve', '-no-color']);
    const left = await terraform(workspace, ['state', 'list']);
    if (left.trim() !== '') throw new Error(`the state still holds ${left}`);
  });
};
