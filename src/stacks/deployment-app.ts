import { App, type AppConfig } from 'cdktf';
import type { Deployment } from '../deployment/load';
import { DeploymentError } from '../deployment/problem';
import { BucketAccountStack } from './bucket-account-stack';
import { ConsumerAccountStack } from './consumer-account-stack';
import { DomainAccountStack } from './domain-account-stack';

/** What to build stacks of, and where they come from in messages. */
export interface DeploymentAppProps {
  readonly deployment: Deployment;
  /** The deployment file. */
  readonly file: string;
  /** Path of the bundled function. */
  readonly handlerZip: string;
  /** @default CDKTF's own: `cdktf.out` in the working directory */
  readonly app?: AppConfig;
}

/**
 * The CDKTF app of a deployment: a stack for the domain account and one for each bucket account, not yet written to disk.
 * @throws DeploymentError listing everything that is longer than AWS takes
 */
export const deploymentApp = ({ deployment, file, handlerZip, app: config }: DeploymentAppProps): App => {
  const app = new App({ stackTraces: false, ...config });
  const stacks = [
    new DomainAccountStack(app, deployment, handlerZip),
    ...deployment.bucketAccounts.map((account) => new BucketAccountStack(app, deployment, account)),
    ...deployment.consumerAccounts.map((consumer) => new ConsumerAccountStack(app, deployment, consumer)),
  ];
  const problems = stacks.flatMap((stack) => stack.problems);
  if (problems.length > 0) throw new DeploymentError(file, problems);
  return app;
};
