import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformLocal, TerraformOutput, type TerraformResource, TerraformStack, TerraformVariable, Token } from 'cdktf';
import { ref } from './policy-document';
import { AWS_PROVIDER } from './versions';

/** A condition that has to hold, and what to write where it does not. */
export interface Requirement {
  readonly condition: string;
  readonly errorMessage: string;
}

/** A variable of an emitted module. */
export interface Variable {
  /** Terraform type expression, such as `list(string)`. */
  readonly type: string;
  readonly description: string;
  /** @default the caller must give a value */
  readonly default?: unknown;
  /** @default none */
  readonly validation?: Requirement | readonly Requirement[];
}

/** Declares the variables in a stack, nullable only where the default is null, which CDKTF takes as an override alone. */
export const declareVariables = (stack: TerraformStack, variables: Readonly<Record<string, Variable>>): void => {
  for (const [name, variable] of Object.entries(variables)) {
    const isNullable = variable.default === null;
    const validation = [variable.validation ?? []].flat();
    const declared = new TerraformVariable(stack, name, {
      type: variable.type,
      description: variable.description,
      nullable: isNullable,
      ...(!isNullable && { default: variable.default }),
      ...(validation.length > 0 && { validation }),
    });
    if (isNullable) declared.addOverride('default', null);
  }
};

/** Declares local values under exactly these names. */
export const declareLocals = (stack: TerraformStack, locals: Readonly<Record<string, string>>): void => {
  for (const [name, expression] of Object.entries(locals)) new TerraformLocal(stack, name, ref(expression));
};

/** Has a resource created or changed only where conditions hold: checked at plan, or at apply where they are known no sooner. */
export const requireBefore = (resource: TerraformResource, ...requirements: readonly Requirement[]): void =>
  resource.addOverride(
    'lifecycle.precondition',
    requirements.map(({ condition, errorMessage }) => ({ condition, error_message: errorMessage })),
  );

/** Declares outputs under exactly these names. */
export const declareOutputs = (
  stack: TerraformStack,
  outputs: Readonly<Record<string, { readonly value: unknown; readonly description: string }>>,
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
