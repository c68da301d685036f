import { deepStrictEqual, strictEqual } from 'node:assert';
import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { locationOf } from '../../handler/core/grant/location';
import { compileStatements } from '../../handler/core/policy/policy-compiler';
import { sidNamespace } from '../../handler/core/policy/sid-namespace';
import { getBucketPolicy, type MotoAccount, type Policy, putBucketPolicy } from './aws-call';
import { motoProvider, writeOverride } from './override';
import type { Place } from './stacks';
import type { Tally } from './tally';
import { apply, applyPlan, planNothing, terraform, validate, type Workspace } from './workspace';

const EXAMPLES = resolve(__dirname, '../../examples/bucket-owner');

/** A way for an owner to live with us, and what it makes of a revocation between the owner's plan and apply. */
interface Recipe {
  readonly name: 'ignore-changes' | 'merged';
  readonly bucket: string;
  /** What the very first apply is told. */
  readonly first: Readonly<Record<string, string>>;
  /** Whether a grant that was revoked after the plan is back after the apply. */
  readonly resurrects: boolean;
}

const RECIPES: readonly Recipe[] = [
  { name: 'ignore-changes', bucket: 'acme-ignoring', first: {}, resurrects: false },
  { name: 'merged', bucket: 'acme-merging', first: { TF_VAR_policy_exists: 'false' }, resurrects: true },
];

/** Both recipes for owners who manage the policy of a registered bucket with Terraform. */
export const bucketOwnersLive = async (tally: Tally, place: Place): Promise<void> => {
  await Promise.all(RECIPES.map((recipe) => recipeLives(tally, place, recipe)));
};

const recipeLives = async (tally: Tally, { folder, endpoint }: Place, recipe: Recipe): Promise<void> => {
  const workspace = copyRecipe(folder, endpoint, recipe);
  if (!(await validate(tally, workspace))) return;
  // The credentials that every provider here has are those of moto's own account.
  const account = { endpoint, account: '123456789012', region: 'eu-west-1', accessKey: 'test' };
  for (const { name, run } of storyOf(recipe, new Owner(workspace, recipe), account))
    if (!(await tally.step(`${workspace.name}: ${name}`, run))) return;
};

interface Step {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** What happens between an owner and us, one step after the other. */
const storyOf = ({ bucket, first, resurrects }: Recipe, owner: Owner, account: MotoAccount): readonly Step[] => {
  const policy = () => getBucketPolicy(account, bucket);
  const grantTo = async (principals: readonly string[]) =>
    putBucketPolicy(account, bucket, withOurs(await policy(), grant(bucket, principals)));
  const expect = async (partner: string, principals: readonly string[]) =>
    expectPolicy(await policy(), { partner, ours: grant(bucket, principals) });
  return [
    {
      name: "the owner's first apply writes the owner's statements",
      run: async () => {
        await apply(owner.granting('555555555555', first));
        await expect('555555555555', []);
      },
    },
    {
      name: "after a grant of ours, the owner's plan has nothing to change",
      run: async () => {
        await grantTo([ANALYST]);
        await planNothing(owner.granting('555555555555'));
      },
    },
    {
      name: "the owner's next apply lands the owner's change and leaves the grant",
      run: async () => {
        await apply(owner.granting('666666666666'));
        await expect('666666666666', [ANALYST]);
        await planNothing(owner.granting('666666666666'));
      },
    },
    {
      name: 'a principal of ours who was deleted does not keep the owner from changing the policy',
      run: async () => {
        await grantTo([ANALYST, DELETED]);
        await apply(owner.granting('777777777777'));
        await expect('777777777777', [ANALYST]);
      },
    },
    {
      name: `a revocation between the owner's plan and apply ${resurrects ? 'is undone by it' : 'stays'}`,
      run: async () => {
        await terraform(owner.granting('888888888888'), ['plan', '-input=false', '-no-color', '-out=next.tfplan']);
        await grantTo([]);
        await applyPlan(owner.granting('888888888888'));
        await expect('888888888888', resurrects ? [ANALYST] : []);
      },
    },
    {
      name: 'destroy',
      run: async () => {
        await terraform(owner.granting('888888888888'), ['destroy', '-input=false', '-auto-approve', '-no-color']);
      },
    },
  ];
};

/** Terraform as the owner runs it, with the account that the owner grants at the time. */
class Owner {
  constructor(
    private readonly workspace: Workspace,
    private readonly recipe: Recipe,
  ) {}

  granting(partner: string, more: Readonly<Record<string, string>> = {}): Workspace {
    const variables = { TF_VAR_bucket: this.recipe.bucket, TF_VAR_partner_accounts: JSON.stringify([partner]) };
    return { ...this.workspace, env: { ...this.workspace.env, ...variables, ...more } };
  }
}

/** The scripts of a recipe run beside Terraform: they are told of moto by the environment. */
const copyRecipe = (place: string, endpoint: string, { name }: Recipe): Workspace => {
  const folder = join(place, name);
  cpSync(join(EXAMPLES, name), folder, { recursive: true });
  writeOverride(folder, { provider: { aws: motoProvider(endpoint) } });
  const env = { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'eu-west-1' };
  return { name: `examples/bucket-owner/${name}`, folder, env };
};

const ANALYST = 'arn:aws:iam::333333333333:role/Analyst';
/** How S3 gives back a role that was deleted. */
const DELETED = 'AROAEXAMPLEEXAMPLE12';

/** What the function writes for these principals: its own compiler makes it. */
const grant = (bucket: string, principals: readonly string[]) =>
  compileStatements(
    principals.map((principal) => ({ principal, location: locationOf({ partition: 'aws', bucket, path: 'runs/' }) })),
    sidNamespace({ name: 'acme', partition: 'aws', account: '111111111111', region: 'eu-west-1' }),
  );

const isOurs = ({ Sid = '' }: Policy['Statement'][number]) => Sid.startsWith('DZS3F');

/** The policy as the function leaves it: statements of others as they were, ours replaced. */
const withOurs = (policy: Policy, ours: Policy['Statement']): Policy => ({
  ...policy,
  Statement: [...policy.Statement.filter((statement) => !isOurs(statement)), ...ours],
});

const expectPolicy = (policy: Policy, { partner, ours }: { partner: string; ours: Policy['Statement'] }): void => {
  const inventory = policy.Statement.find(({ Sid }) => Sid === 'Inventory');
  deepStrictEqual(listed(inventory), { AWS: [`arn:aws:iam::${partner}:root`] });
  strictEqual(policy.Statement.filter(({ Sid }) => Sid === 'TlsOnly').length, 1);
  strictEqual(policy.Statement.length, 2 + ours.length);
  deepStrictEqual(policy.Statement.filter(isOurs).map(byMeaning).sort(), ours.map(byMeaning).sort());
};

const listed = (statement: Policy['Statement'][number] | undefined) => {
  const principal = statement?.['Principal'];
  if (typeof principal !== 'object' || principal === null) return principal;
  return Object.fromEntries(Object.entries(principal).map(([kind, who]) => [kind, [who].flat()]));
};

/** A statement with one element written as a list of it, and its keys in order. */
const byMeaning = (value: unknown): string => {
  const plain = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.length === 1 ? plain(part[0]) : part.map(plain).sort();
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, member]) => [key, plain(member)]),
    );
  };
  return JSON.stringify(plain(value));
};
