import type { Choice } from '../choice';
import type { Naming, Place } from '../naming';
import type { Expression, Items } from '../policy-document';
import type { ReadRights } from './read-rights';

/** Something that is made only where it is asked for. */
export interface Part {
  /** @default true: whoever gives the part wants it */
  readonly choice?: Choice;
}

/**
 * Every value may be known or a Terraform reference: the construct looks into none of them. A part that is left out is not made;
 * whoever needs something of it names what exists already.
 */
export interface ConsumerAccountProps {
  readonly naming: Naming;
  /** Name of the consumer, in the names of everything made for it. */
  readonly consumer: string;
  /** The consumer's account, and the Region of its environment and notebook. */
  readonly place: Place;
  /** The DataZone domain, and the account that hosts it. */
  readonly domain: { readonly id: string; readonly account: string };
  /** Id of the consumer project. */
  readonly project: string;
  /**
   * Id of the environment.
   * @default that of the environment made here
   */
  readonly environmentId?: string;
  /** Lets the account use a blueprint of the domain. */
  readonly blueprint?: Part & { readonly id: string };
  /** The role that DataZone takes on for members of the project. */
  readonly environmentRole?: Part;
  /** What that role may do: open a notebook instance, and what a policy managed by AWS allows. */
  readonly notebookAccess?: Part & { readonly notebook: string };
  readonly managedPolicy?: Part & { readonly name: string };
  readonly environment?: Part & EnvironmentSettings;
  /** The role under which a notebook instance runs. */
  readonly notebookRole?: Part;
  readonly notebook?: Part & NotebookSettings;
  /** The portal's link to a notebook instance. */
  readonly notebookLink?: Part & { readonly uri: Expression };
  /** What readers need beside a bucket policy of another account. */
  readonly reader?: Part & {
    readonly rights: ReadRights;
    readonly bucketAccounts: readonly string[];
    /** Names of the roles, without their path. */
    readonly roles: string[];
  };
  readonly subscriptionTarget?: Part & SubscriptionTargetSettings;
  /** ARN of the function's role, which in a V2 domain must be a user of the domain and a member of projects. */
  readonly functionRoleArn: string;
  readonly userProfile?: Part;
  readonly membership?: Part & { readonly projects: Items<string> };
  /**
   * ARN of the policy that bounds the roles made here.
   * @default none
   */
  readonly permissionsBoundary?: string;
  /** @default none, or the provider's default tags */
  readonly tags?: { [key: string]: string };
}

/** How a notebook instance is made. */
export interface NotebookSettings {
  readonly name: string;
  readonly roleArn: string;
  readonly instanceType: string;
  /** Gigabytes. */
  readonly volumeSize: number;
  /** `Enabled` or `Disabled`: a way to the internet past the VPC. */
  readonly directInternetAccess: string;
  /** @default none: the instance reaches the internet and no VPC */
  readonly subnet?: string;
  readonly securityGroups?: string[];
  /**
   * ARN of the KMS key that the volume is encrypted with.
   * @default SageMaker's own
   */
  readonly kmsKey?: string;
  /** @default SageMaker's own choice */
  readonly platform?: string;
}

/** An environment of a custom blueprint: DataZone makes nothing in it and takes on a role that exists. */
export interface EnvironmentSettings {
  readonly name: string;
  readonly description: string;
  /** Id of the domain's custom AWS service blueprint. */
  readonly blueprint: string;
  readonly roleArn: Expression;
}

/** Where subscriptions of an environment's project are fulfilled by this deployment. */
export interface SubscriptionTargetSettings {
  readonly name: string;
  /** `provider` of the targets that are the deployment's. */
  readonly provider: string;
  /** ARNs of the roles that are granted access. */
  readonly principals: Expression;
  /** ARN of a role that DataZone asks for and, since the provider is not its own, never takes on. */
  readonly manageAccessRole: Expression;
}
