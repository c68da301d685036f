import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TerraformStack } from 'cdktf';
import * as z from 'zod';
import { type Place, roleArn } from '../../modules/naming';
import type { Statement } from '../../modules/policy-document';
import { QUOTAS } from '../../modules/quotas';
import { type Deployment, loadDeployment } from '../deployment/load';
import { partitionOf } from '../deployment/partition';
import { deploymentApp } from '../stacks/deployment-app';
import { bundleHandler } from './bundle-handler';
import { ARN_OF, type Attributes, NEEDS, type Need, type StackView } from './deploy-actions';
import { CONSUMER_NEEDS } from './deploy-actions-consumer';

const synthesized = z.object({
  provider: z.object({ aws: z.array(z.object({ region: z.string(), allowed_account_ids: z.array(z.string()) })) }),
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))),
});

/** A stack as it is written to `cdk.tf.json`, as far as a policy is made of it. */
export type SynthesizedStack = z.infer<typeof synthesized>;

/** A policy for the role that deploys a stack. IAM takes ten managed policies for a role. */
export interface DeployPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** What one role needs to create, change and destroy a stack, in as many managed policies as it takes. */
export const deployPolicies = (stack: SynthesizedStack): readonly DeployPolicy[] => packed(merged(needsOf(stack)).map(statementOf));

const needsOf = (stack: SynthesizedStack): readonly Need[] => {
  const view = viewOf(stack);
  return Object.entries(stack.resource).flatMap(([type, resources]) => {
    const needs = NEEDS[type] ?? CONSUMER_NEEDS[type];
    if (!needs) throw new Error(`nobody knows what deploying ${type} asks of IAM; add it to src/build/deploy-actions.ts`);
    return Object.values(resources).flatMap((attributes) => needs(attributes, view));
  });
};

const REFERENCE = /^\$\{([a-z0-9_]+)\.([a-z0-9_]+)\.([a-z0-9_]+)\}$/;

const viewOf = (stack: SynthesizedStack): StackView => {
  const place = placeOf(stack);
  const text = (attributes: Attributes, name: string): string => {
    const value = attributes[name];
    if (typeof value !== 'string') return '';
    const [, type = '', resource = '', attribute = ''] = REFERENCE.exec(value) ?? [];
    if (type === '') return value;
    const target = stack.resource[type]?.[resource] ?? {};
    return attribute === 'arn' ? (ARN_OF[type]?.(target, view) ?? unknownArn(value)) : text(target, attribute);
  };
  const roles = (role: string): readonly string[] => {
    if (role.startsWith('arn:')) return [role];
    const made = Object.values(stack.resource['aws_iam_role'] ?? {}).filter((attributes) => attributes['name'] === role);
    const arns = made.flatMap((attributes) => ARN_OF['aws_iam_role']?.(attributes, view) ?? []);
    return arns.length > 0 ? arns : [roleArn(place, role), roleArn(place, `*/${role}`)];
  };
  const view: StackView = { place, text, roles };
  return view;
};

const unknownArn = (reference: string): never => {
  throw new Error(`what ${reference} is has no known ARN; add its type to ARN_OF in src/build/deploy-actions.ts`);
};

const placeOf = ({ provider }: SynthesizedStack): Place => {
  const [
    {
      region,
      allowed_account_ids: [account],
    } = { region: '', allowed_account_ids: [] },
  ] = provider.aws;
  const partition = partitionOf(region);
  if (!partition || !account) throw new Error(`a stack's provider has a Region and the one account that it is for, and not '${region}'`);
  return { partition, region, account };
};

/** Needs of the same actions under the same condition are one, whatever they are for. */
const merged = (needs: readonly Need[]): readonly Need[] => {
  const byKey = new Map<string, Need>();
  for (const need of needs) {
    const key = JSON.stringify([need.actions, need.condition]);
    const known = byKey.get(key);
    byKey.set(key, { ...need, resources: [...new Set([...(known?.resources ?? []), ...need.resources])].sort() });
  }
  return [...byKey.values()];
};

const statementOf = ({ actions, resources, condition }: Need): Statement => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...(condition && { Condition: condition }),
});

/** As few policies as take the statements in this order, each within IAM's limit. */
const packed = (statements: readonly Statement[]): readonly DeployPolicy[] => {
  const policies: DeployPolicy[] = [];
  for (const statement of statements) {
    const last = policies.at(-1);
    const next: DeployPolicy = { Version: '2012-10-17', Statement: [...(last?.Statement ?? []), statement] };
    if (last && JSON.stringify(next).length <= QUOTAS.managedPolicy.limit) policies[policies.length - 1] = next;
    else policies.push({ Version: '2012-10-17', Statement: [statement] });
  }
  return policies;
};

/**
 * What whoever runs Terraform needs with credentials of their own: the deploy roles, and the state, which no deploy role touches.
 * https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
 */
export const pipelinePolicy = ({ name, domain, bucketAccounts, consumerAccounts, state }: Deployment): DeployPolicy => {
  const roles = [domain, ...bucketAccounts, ...consumerAccounts].flatMap(({ account, deployRole }) =>
    deployRole === undefined ? [] : [roleArn({ partition: domain.partition, account }, deployRole)],
  );
  const statements: Statement[] =
    roles.length > 0 ? [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: [...new Set(roles)].sort() }] : [];
  if (state?.backend === 's3') {
    const bucket = `arn:${domain.partition}:s3:::${state.bucket}`;
    const states = `${bucket}/${state.keyPrefix}/${name}/*.tfstate`;
    statements.push(
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket },
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: states },
      ...(state.lock
        ? [{ Effect: 'Allow', Action: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], Resource: `${states}.tflock` } as const]
        : []),
    );
  }
  return { Version: '2012-10-17', Statement: statements };
};

/** The policies of every stack of a deployment, by the stack's name. */
export const policiesOf = (deployment: Deployment, handlerZip: string): Readonly<Record<string, readonly DeployPolicy[]>> => {
  const outdir = mkdtempSync(join(tmpdir(), 'deploy-policies-'));
  try {
    const app = deploymentApp({ deployment, file: 'the deployment', handlerZip, app: { outdir } });
    const stacks = app.node.children.filter((child) => TerraformStack.isStack(child));
    return Object.fromEntries(
      stacks.map((stack) => {
        stack.prepareStack();
        return [stack.node.id, deployPolicies(synthesized.parse(stack.toTerraform()))];
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

const main = (file: string): void => {
  const outDir = resolve('dist/deploy-policies');
  mkdirSync(outDir, { recursive: true });
  const { zip } = bundleHandler({ outDir: resolve('dist') });
  const deployment = loadDeployment(file);
  for (const [stack, policies] of Object.entries({ ...policiesOf(deployment, zip), pipeline: [pipelinePolicy(deployment)] })) {
    policies.forEach((policy, index) => {
      const path = join(outDir, policies.length === 1 ? `${stack}.json` : `${stack}-${index + 1}.json`);
      writeFileSync(path, `${JSON.stringify(policy, null, 2)}\n`);
      console.log(path);
    });
  }
};

if (require.main === module) main(process.argv[2] ?? process.env['DEPLOYMENT'] ?? 'deployment.yaml');
