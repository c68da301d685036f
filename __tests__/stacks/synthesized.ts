import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TerraformStack } from 'cdktf';
import * as z from 'zod';
import { parseDeployment } from '../../src/deployment/load';
import { deploymentApp } from '../../src/stacks/deployment-app';

/** A deployment without any option, one with every option, and the smallest, as texts. */
export const PLAIN = readFileSync(resolve(__dirname, 'plain.yaml'), 'utf8');
export const EXAMPLE = readFileSync(resolve(__dirname, '../../deployment.example.yaml'), 'utf8');
export const ONE_ACCOUNT = readFileSync(resolve(__dirname, '../../examples/one-account.yaml'), 'utf8');

const resource = z.record(z.string(), z.unknown());
const configuration = z.object({
  provider: z.object({ aws: z.array(z.record(z.string(), z.unknown())) }),
  terraform: z.object({ backend: z.record(z.string(), z.unknown()), required_providers: z.unknown(), required_version: z.string() }),
  resource: z.record(z.string(), z.record(z.string(), resource)),
});

/** A stack's Terraform JSON. */
export type Configuration = z.infer<typeof configuration>;

/** The Terraform JSON of every stack of a deployment file's text, by stack name. */
export const synthesized = (yaml: string): Readonly<Record<string, Configuration>> => {
  const folder = mkdtempSync(join(tmpdir(), 'stacks-'));
  try {
    const handlerZip = join(folder, 'handler.zip');
    writeFileSync(handlerZip, 'a zip');
    const deployment = parseDeployment(yaml, 'deployment.yaml');
    const app = deploymentApp({ deployment, file: 'deployment.yaml', handlerZip, app: { outdir: join(folder, 'out') } });
    const stacks = app.node.children.filter(TerraformStack.isStack);
    return Object.fromEntries(stacks.map((stack) => [stack.node.id, configuration.parse(stack.toTerraform())]));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** One stack of those synthesized. */
export const stackOf = (stacks: Readonly<Record<string, Configuration>>, name: string): Configuration => {
  const stack = stacks[name];
  if (!stack) throw new Error(`no stack '${name}' among ${Object.keys(stacks).join(', ')}`);
  return stack;
};

/** One resource of a stack, by its address: `aws_sqs_queue.queue`. */
export const resourceOf = (stack: Configuration, address: string): Readonly<Record<string, unknown>> => {
  const [type = '', name = ''] = address.split('.');
  const found = stack.resource[type]?.[name];
  if (!found) throw new Error(`no resource '${address}'`);
  return found;
};

/** Every resource of a stack by its address. */
export const resourcesOf = (stack: Configuration): readonly (readonly [address: string, Readonly<Record<string, unknown>>])[] =>
  Object.entries(stack.resource).flatMap(([type, named]) => Object.entries(named).map(([name, one]) => [`${type}.${name}`, one] as const));

const statement = z.object({
  Sid: z.string().optional(),
  Effect: z.string(),
  Principal: z.unknown().optional(),
  Action: z.union([z.string(), z.array(z.string())]).optional(),
  NotAction: z.array(z.string()).optional(),
  Resource: z.union([z.string(), z.array(z.string())]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const policy = z.object({ Version: z.literal('2012-10-17'), Statement: z.array(statement) });

/** The statements of a policy's JSON text. */
export const statementsOf = (text: unknown) => policy.parse(JSON.parse(z.string().parse(text))).Statement;
