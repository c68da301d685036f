import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { parsePrincipal } from '../../../handler/core/grant/principal';
import { printable } from '../../../handler/core/printable';
import type { Deployment } from '../../deployment/load';
import { CommandFailure } from '../framework/failure';
import { principalArn, projectId } from '../framework/fields';
import type { ProjectEnvironment } from './targets';

/** A subscription target as it is asked for, by flags or a file. */
export interface TargetInput {
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
  readonly name?: string | undefined;
  readonly principals: readonly string[];
  readonly manageAccessRole?: string | undefined;
}

const targetFile = z.strictObject({
  project: projectId.optional(),
  environment: z.string().optional(),
  name: z.string().optional(),
  principals: z.array(principalArn).optional(),
  manageAccessRole: z.string().optional(),
});

/** What a parser says of what somebody wrote, as part of a sentence. */
const inOneLine = (text: string): string => printable(text.trim().replace(/\s+/g, ' '));

/** Reads a target's file, YAML or JSON; flags outweigh what it says. */
export const targetInput = (flags: TargetInput, file: string | undefined): TargetInput => {
  if (file === undefined) return flags;
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CommandFailure(
      'usage',
      `${file} cannot be read: ${inOneLine(error instanceof Error ? error.message : String(error))}`,
      'name a YAML or JSON file',
      { cause: error },
    );
  }
  const read = targetFile.safeParse(content);
  if (!read.success)
    throw new CommandFailure(
      'usage',
      `${file}: ${inOneLine(z.prettifyError(read.error))}`,
      'it may hold project, environment, name, principals and manageAccessRole',
    );
  const { principals = [], ...rest } = read.data;
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  return { ...rest, ...given, principals: flags.principals.length > 0 ? flags.principals : principals };
};

/** The environment by its id or name, or the only one. */
export const chosenEnvironment = (
  environments: readonly ProjectEnvironment[],
  { project, wanted }: { project: string; wanted: string | undefined },
): ProjectEnvironment => {
  const found = environments.filter(({ id, name }) => wanted === undefined || id === wanted || name === wanted);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const listed = environments.map(({ id, name, account }) => `${name} (${id}, account ${account ?? '?'})`).join(', ');
  throw new CommandFailure(
    only === undefined ? 'missing' : 'usage',
    `project '${project}' has ${environments.length === 0 ? 'no environment' : wanted === undefined ? `${environments.length} environments: ${listed}` : `${found.length === 0 ? 'no' : 'more than one'} environment '${wanted}' among ${listed}`}`,
    environments.length === 0
      ? 'make one in the DataZone portal, or with consumerAccounts in the deployment'
      : 'name one with --environment',
  );
};

/** What DataZone takes in ARNs of principals. Source: DataZone API Reference, CreateSubscriptionTarget. */
const TAKEN = /^[a-zA-Z0-9:/._-]*$/;

/** Checks principals as the function would, so that nobody waits for a refusal. */
export const checkPrincipals = (
  principals: readonly string[],
  { environment, deployment }: { environment: ProjectEnvironment; deployment: Deployment },
): void => {
  const accounts = [...new Set([...(environment.account === undefined ? [] : [environment.account]), ...deployment.principalAccounts])];
  if (principals.length < 1 || principals.length > 20)
    throw new CommandFailure(
      'usage',
      `a subscription target has 1 to 20 principals, not ${principals.length}`,
      'name each with --principal',
    );
  for (const arn of principals) {
    const parsed = parsePrincipal(arn, { partition: deployment.domain.partition, accounts });
    if ('code' in parsed) throw new CommandFailure('refused', parsed.message, 'name another with --principal');
    if (!TAKEN.test(arn))
      throw new CommandFailure(
        'refused',
        `'${arn}' holds characters that DataZone does not take in a subscription target`,
        'name a role without + = , @ in its name',
      );
  }
};
