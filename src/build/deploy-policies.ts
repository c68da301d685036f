import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TerraformStack } from 'cdktf';
import type { Statement } from '../../modules/policy-document';
import { QUOTAS } from '../../modules/quotas';
import { type Deployment, loadDeployment } from '../deployment/load';
import { DeploymentError } from '../deployment/problem';
import { deploymentApp } from '../stacks/deployment-app';
import { bundleHandler } from './bundle-handler';
import { CONSUMER_NEEDS } from './deploy-policies/consumer-needs';
import { DATA_NEEDS } from './deploy-policies/data-needs';
import { EVENT_NEEDS } from './deploy-policies/event-needs';
import { FUNCTION_NEEDS } from './deploy-policies/function-needs';
import { IAM_NEEDS } from './deploy-policies/iam-needs';
import type { Need, NeedsByType } from './deploy-policies/need';
import { pipelineStatements } from './deploy-policies/pipeline-policy';
import { viewOf } from './deploy-policies/stack-view';

/** A policy for the role that deploys a stack. IAM takes ten managed policies for a role. */
export interface DeployPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/**
 * What Terraform's AWS provider (5.100 to 6) calls for each type of resource in our stacks. Observed against moto by
 * `npm run test:terraform`, which fails on a call that is not here; changes that it does not make are added by the provider's source.
 */
const NEEDS: NeedsByType = { ...CONSUMER_NEEDS, ...DATA_NEEDS, ...EVENT_NEEDS, ...FUNCTION_NEEDS, ...IAM_NEEDS };

/**
 * What one role needs to create, change and destroy a stack, in as many managed policies as it takes.
 * @throws Error for a type of resource of which that is not known
 */
export const deployPolicies = (stackJson: unknown): readonly DeployPolicy[] => packed(merged(needsOf(stackJson)).map(statementOf));

const needsOf = (stackJson: unknown): readonly Need[] => {
  const view = viewOf(stackJson);
  return view.resources.flatMap(([type, all]) => {
    const needs = NEEDS[type];
    if (!needs) throw new Error(`nobody knows what deploying ${type} asks of IAM; add it in src/build/deploy-policies`);
    return all.flatMap((attributes) => needs(attributes, view));
  });
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

const policyOf = (statements: readonly Statement[]): DeployPolicy => ({ Version: '2012-10-17', Statement: statements });

/** As few policies as take the statements in this order, each within IAM's limit. */
const packed = (statements: readonly Statement[]): readonly DeployPolicy[] => {
  const policies: DeployPolicy[] = [];
  for (const statement of statements) {
    const last = policies.at(-1);
    const next = policyOf([...(last?.Statement ?? []), statement]);
    if (last && JSON.stringify(next).length <= QUOTAS.managedPolicy.limit) policies[policies.length - 1] = next;
    else policies.push(policyOf([statement]));
  }
  return policies;
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
        return [stack.node.id, deployPolicies(stack.toTerraform())];
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

/** The policy of whoever runs Terraform, beside the deploy roles' own. */
export const pipelinePolicy = (deployment: Deployment): DeployPolicy => policyOf(pipelineStatements(deployment));

/** Writes the policies of a deployment into a folder as JSON. Answers the files, `<stack>.json` or, where one does not do, `<stack>-1.json`. */
export const writeDeployPolicies = (deployment: Deployment, { handlerZip, outDir }: { handlerZip: string; outDir: string }) => {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  return Object.entries({ ...policiesOf(deployment, handlerZip), pipeline: [pipelinePolicy(deployment)] }).flatMap(([stack, policies]) =>
    policies.map((policy, index) => {
      const path = join(outDir, policies.length === 1 ? `${stack}.json` : `${stack}-${index + 1}.json`);
      writeFileSync(path, `${JSON.stringify(policy, null, 2)}\n`);
      return path;
    }),
  );
};

const main = (file: string): void => {
  const deployment = loadDeployment(file);
  const { zip } = bundleHandler({ outDir: resolve('dist') });
  for (const path of writeDeployPolicies(deployment, { handlerZip: zip, outDir: resolve('dist/deploy-policies') })) console.log(path);
};

if (require.main === module) {
  try {
    main(process.argv[2] ?? process.env['DEPLOYMENT'] ?? 'deployment.yaml');
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
