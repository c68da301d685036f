import { type Deployment, loadDeployment } from '../../deployment/load';
import type { Surroundings, Terminal } from './terminal';

/** The options that every command has. */
export interface GlobalOptions {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  /** Path of the deployment file. */
  readonly deployment: string;
  readonly assumeRole: boolean;
  readonly json: boolean;
  readonly debug: boolean;
}

/** What a command has to work with. */
export class Context {
  private loaded: Deployment | undefined;

  constructor(
    readonly terminal: Terminal,
    readonly options: GlobalOptions,
    readonly env: Surroundings['env'],
  ) {}

  /**
   * The deployment, by which everything in AWS is found.
   * @throws DeploymentError with all that is wrong in its file
   */
  get deployment(): Deployment {
    this.loaded ??= loadDeployment(this.options.deployment);
    return this.loaded;
  }
}
