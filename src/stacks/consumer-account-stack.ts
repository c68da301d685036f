import type { App } from 'cdktf';
import * as z from 'zod';
import { ConsumerAccount } from '../../modules/consumer-account/construct';
import {
  CONSUMER_QUOTAS,
  ENVIRONMENT_REGION_PATTERN,
  MANAGE_ACCESS_ROLE_PATTERN,
  PRINCIPAL_PATTERN,
  USER_PARTITION,
} from '../../modules/consumer-account/limits';
import type { ConsumerAccountProps } from '../../modules/consumer-account/props';
import type { Expression } from '../../modules/policy-document';
import { consumerNameOf } from '../deployment/consumer-consistency';
import type { ConsumerAccountDeployment } from '../deployment/consumer-schema';
import type { Deployment } from '../deployment/load';
import { type Measured, quotaProblems } from '../deployment/quotas';
import { AccountStack } from './account-stack';
import { consumerAccountProps } from './consumer-account-props';

/** A consumer's stack, `consumer-account-<account>-<consumer>`, in the domain's Region: that is where DataZone is asked. */
export class ConsumerAccountStack extends AccountStack {
  readonly problems: readonly string[];

  constructor(app: App, deployment: Deployment, consumer: ConsumerAccountDeployment) {
    super(app, `consumer-account-${consumer.account}-${consumerNameOf(consumer)}`, deployment, consumer);
    const props = consumerAccountProps(deployment, consumer);
    const account = new ConsumerAccount(this, 'Default', { ...props, permissionsBoundary: this.permissionsBoundary });
    const where = `account ${consumer.account} (consumer ${consumerNameOf(consumer)})`;
    this.problems = [
      ...misfits(deployment, consumer, props).map((sentence) => `${where}: ${sentence}`),
      ...quotaProblems(measured(account, where)),
    ];
  }
}

const measured = (account: ConsumerAccount, where: string): readonly Measured[] => [
  ...[account.environment, account.subscriptionTarget, account.membership].flatMap((stack) =>
    stack?.templateBodyInput === undefined ? [] : [{ quota: CONSUMER_QUOTAS.templateBody, text: stack.templateBodyInput, where }],
  ),
  ...(account.readerPolicy?.policyInput === undefined
    ? []
    : [{ quota: CONSUMER_QUOTAS.readerPolicy, text: account.readerPolicy.policyInput, where }]),
];

/** What of a consumer does not fit the rest of the deployment, or AWS. */
const misfits = (deployment: Deployment, consumer: ConsumerAccountDeployment, props: ConsumerAccountProps): readonly string[] => [
  ...readMisfits(deployment, consumer),
  ...misplaced(deployment, props),
  ...targetMisfits(props),
  ...membershipMisfits(deployment, props),
];

/** A policy for a bucket of the consumer's own account would grant by itself, whatever is subscribed to. */
const readMisfits = ({ bucketAccounts }: Deployment, { account, reads = [] }: ConsumerAccountDeployment): readonly string[] => {
  const owners = new Map(bucketAccounts.flatMap((owner) => owner.buckets.map(({ name }) => [name, owner.account])));
  return reads.flatMap((read) => {
    const owner = owners.get(read.split('/')[0] ?? '');
    if (owner === undefined) return [`reads holds '${read}', whose bucket is not registered; add it to bucketAccounts, or leave it out`];
    return owner === account
      ? [`reads holds '${read}' of the consumer's own account, where a policy of the reader's grants by itself; leave it out`]
      : [];
  });
};

const misplaced = ({ domain }: Deployment, { notebook, environment, place: { region } }: ConsumerAccountProps): readonly string[] => [
  ...(notebook && region !== domain.region
    ? [`a notebook is made in the domain's Region, ${domain.region}, and not in ${region}; make it there, or name one that exists`]
    : []),
  ...(environment && !new RegExp(ENVIRONMENT_REGION_PATTERN).test(region)
    ? [`CloudFormation makes no environment in ${region}; make it in the console and write environment: { id: … }`]
    : []),
];

const targetMisfits = ({ subscriptionTarget }: ConsumerAccountProps): readonly string[] => {
  if (!subscriptionTarget) return [];
  const [manager = ''] = arnsIn(subscriptionTarget.manageAccessRole);
  const refused = arnsIn(subscriptionTarget.principals).filter((arn) => !new RegExp(PRINCIPAL_PATTERN).test(arn));
  return [
    ...refused.map(
      (arn) =>
        `CloudFormation takes only letters, digits and : / _ - in a principal, and not '${arn}'; name another role, or make the target by DataZone's own API and write subscriptionTarget: { create: false }`,
    ),
    ...(new RegExp(MANAGE_ACCESS_ROLE_PATTERN).test(manager)
      ? []
      : [
          `DataZone takes no path in the role that manages access, which is '${manager}'; write subscriptionTarget: { manageAccessRole: … }`,
        ]),
  ];
};

/** The ARNs of an expression in which everything is known. */
const arnsIn = ({ text }: Expression): readonly string[] => [z.union([z.string(), z.array(z.string())]).parse(JSON.parse(text))].flat();

const membershipMisfits = ({ domain }: Deployment, { membership, userProfile }: ConsumerAccountProps): readonly string[] => [
  ...(membership && domain.version === 'v1'
    ? ['membership is for domains of version v2; in one of version v1 the rights of the role suffice, so leave it out']
    : []),
  ...(userProfile && domain.partition !== USER_PARTITION
    ? [`CloudFormation makes no user of a role in partition ${domain.partition}; make it in the console and write userProfile: existing`]
    : []),
];
