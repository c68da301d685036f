import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformOutput, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { ref } from './policy-document';

/**
 * The JSON of the resources we use is the same from 5.100.0 on, so users on 5 and 6 are both served; the CDKTF bindings alone
 * would pin one exact version.
 */
export const AWS_PROVIDER = { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } as const;

/** A variable of an emitted module. */
export interface Variable {
  /** Terraform type expression, such as `list(string)`. */
  readonly type: string;
  readonly description: string;
  /** @default the caller must give a value */
  readonly default?: unknown;
  /** A condition on the value and what to write where it does not hold. */
  readonly validation?: { readonly condition: string; readonly errorMessage: string };
}

/** Declares the variables in a stack, none of them nullable. */
export const declareVariables = (stack: TerraformStack, variables: Readonly<Record<string, Variable>>): void => {
  for (const [name, { validation, ...variable }] of Object.entries(variables)) {
    new TerraformVariable(stack, name, { ...variable, nullable: false, ...(validation && { validation: [validation] }) });
  }
};

/** Declares outputs under exactly these names. */
export const declareOutputs = (
  stack: TerraformStack,
  outputs: Readonly<Record<string, { readonly value: string; readonly description: string }>>,
): void => {
  for (const [name, output] of Object.entries(outputs)) new TerraformOutput(stack, name, { ...output, staticId: true });
};

/** A reference where CDKTF's types ask for a number. */
export const numberOf = (expression: string): number => Token.asNumber(ref(expression));

/** A reference where CDKTF's types ask for a boolean. */
export const booleanOf = (expression: string) => Token.asAny(ref(expression));

/** A reference where CDKTF's types ask for a map of strings. */
export const mapOf = (expression: string): { [key: string]: string } => Token.asStringMap(ref(expression));

/** States which Terraform and which AWS provider a stack or module runs under. */
export const requireVersions = (stack: TerraformStack, terraform: string): void => {
  stack.addOverride('terraform.required_version', terraform);
  stack.addOverride('terraform.required_providers.aws', AWS_PROVIDER);
};

/**
 * The Terraform JSON of what `fill` puts into a stack, as a reusable module: no provider, no backend, no CDKTF metadata, keys
 * sorted, ending in a line break.
 */
export const moduleJson = (fill: (stack: TerraformStack) => void): string => {
  const outdir = mkdtempSync(join(tmpdir(), 'module-'));
  try {
    const stack = new TerraformStack(new App({ outdir, stackTraces: false }), 'module');
    new AwsProvider(stack, 'aws', {});
    requireVersions(stack, '>= 1.5.0');
    fill(stack);
    stack.prepareStack();
    const { provider: _provider, terraform, ...rest } = stack.toTerraform();
    const { backend: _backend, ...settings } = terraform;
    return `${JSON.stringify(sortedWithoutMetadata({ ...rest, terraform: settings }), null, 2)}\n`;
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

const sortedWithoutMetadata = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortedWithoutMetadata);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([key]) => key !== '//');
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sortedWithoutMetadata(member)]));
};
