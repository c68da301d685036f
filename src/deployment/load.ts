import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type * as z from 'zod';
import type { RegisteredBucketEntry } from '../../handler/contract/registry';
import { type Naming, roleArn } from '../../modules/naming';
import { arnProblems } from './arn-consistency';
import { inconsistencies } from './consistency';
import type { ConsumerAccountDeployment } from './consumer-schema';
import { type Partition, partitionOf } from './partition';
import { DeploymentError, type Problem, pathText } from './problem';
import { type DeploymentFile, deploymentSchema } from './schema';

/** A bucket account with everything resolved that the file leaves to defaults. */
export interface BucketAccountDeployment {
  readonly account: string;
  /** Name of the role that Terraform assumes there. `undefined`: the caller's credentials. */
  readonly deployRole: string | undefined;
  readonly buckets: readonly RegisteredBucketEntry[];
}

/** A deployment as the stacks want it. */
export interface Deployment extends Omit<DeploymentFile, 'domain' | 'bucketAccounts' | 'consumerAccounts' | 'deployRole' | 'namePrefix'> {
  /** What its names in AWS are made of. */
  readonly naming: Naming;
  readonly domain: Omit<DeploymentFile['domain'], 'deployRole'> & {
    readonly partition: Partition;
    readonly deployRole: string | undefined;
  };
  readonly bucketAccounts: readonly BucketAccountDeployment[];
  readonly consumerAccounts: readonly ConsumerAccountDeployment[];
}

/**
 * Reads and checks a deployment file.
 * @throws DeploymentError listing every problem, each with its path in the file
 */
export const loadDeployment = (file: string): Deployment => parseDeployment(read(file), file);

/**
 * Checks the text of a deployment file; `file` is its name in messages.
 * @throws DeploymentError listing every problem, each with its path in the file
 */
export const parseDeployment = (text: string, file: string): Deployment => {
  const content = contentOf(text, file);
  const parsed = deploymentSchema.safeParse(content);
  const problems = [...(parsed.error?.issues.flatMap(problemsOf) ?? []), ...inconsistencies(content), ...arnProblems(content)];
  const partition = parsed.data && partitionOf(parsed.data.domain.region);
  if (problems.length > 0 || !parsed.data || !partition) {
    throw new DeploymentError(
      file,
      problems.map(({ path, message }) => `${pathText(path)} ${message}`),
    );
  }
  return resolve(parsed.data, partition);
};

const contentOf = (text: string, file: string): unknown => {
  const notYaml = (errors: readonly Error[]) =>
    new DeploymentError(
      file,
      errors.map((error) => `is not YAML: ${error.message.trim()}`),
    );
  const document = parseDocument(text);
  if (document.errors.length > 0) throw notYaml(document.errors);
  try {
    return document.toJS();
  } catch (error) {
    // An alias of nothing, or aliases that multiply beyond all measure, are found only now.
    throw error instanceof Error ? notYaml([error]) : error;
  }
};

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeploymentError(
      file,
      [`cannot be read (${reason}); copy deployment.example.yaml, or name your file: npm run synth -- path/to/deployment.yaml`],
      { cause },
    );
  }
};

/** An issue about unknown keys holds several, each with its line of the message (see `group`). */
const problemsOf = (issue: z.core.$ZodIssue): readonly Problem[] => {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') {
    const lines = issue.message.split('\n');
    return issue.keys.map((key, index) => ({ path: [...path, key], message: lines[index] ?? issue.message }));
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message }));
  return [{ path, message: issue.message }];
};

/** Fills in what one part of the file says about another. An empty `deployRole` outweighs the common one. */
const resolve = (file: DeploymentFile, partition: Partition): Deployment => {
  const { deployRole: common, namePrefix, ...rest } = file;
  const roleOf = (own: string | null | undefined) => (own === undefined ? common : own) ?? undefined;
  const domain = { ...file.domain, partition, deployRole: roleOf(file.domain.deployRole) };
  const terraform = domain.deployRole === undefined ? [] : [roleArn(domain, domain.deployRole)];
  return {
    ...rest,
    naming: { prefix: namePrefix ?? file.name, rolePath: file.iam.rolePath },
    domain,
    registryWriters: [...new Set([...terraform, ...file.registryWriters])],
    consumerAccounts: file.consumerAccounts.map((consumer) => ({ ...consumer, deployRole: roleOf(consumer.deployRole) })),
    bucketAccounts: file.bucketAccounts.map(({ account, deployRole, buckets }) => ({
      account,
      deployRole: roleOf(deployRole),
      buckets: buckets.map(({ name, region, state, prefixes }) => ({
        name,
        account,
        region: region ?? file.domain.region,
        state,
        prefixes,
      })),
    })),
  };
};
