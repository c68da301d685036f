import type * as z from 'zod';
import {
  CONSUMER_NAME_PATTERN,
  ENVIRONMENT_NAME_PATTERN,
  ID_PATTERN,
  NOTEBOOK_NAME_PATTERN,
  READ_PATTERN,
} from '../../modules/consumer-account/limits';
import { account, deployRole, region } from './common-fields';
import { consumerProblems } from './consumer-consistency';
import { flag, group, list, text, whole, word } from './fields';

const id = (what: string) => text(new RegExp(ID_PATTERN), `the id of ${what} in quotes, such as "5a3se66qm88947"`);

/** A role of the consumer's account. */
const role = text(
  /^(?!\/)[\w+=,.@/-]{0,447}[\w+=,.@-]{1,64}$/,
  "the name of a role of the consumer's account without its ARN, with its path where it has one, such as Analyst or team/Analyst",
);

/** Of two keys exactly one: what exists, or what is to be made. */
const either = <S extends z.core.$ZodLooseShape>(shape: S, [one, other]: readonly [keyof S & string, keyof S & string]) =>
  group(shape, `{ ${one}: … } or { ${other}: … }`).refine((value) => one in value !== other in value, {
    error: () => `has to hold one of two keys; write ${one} for what exists, or ${other} for what is to be made`,
  });

const environment = either(
  {
    id: id('an environment').optional(),
    create: group(
      {
        name: text(new RegExp(ENVIRONMENT_NAME_PATTERN), 'up to 64 letters, digits, spaces and _ -'),
        description: text(/^[^\p{Cc}$%]{0,2048}$/u, 'up to 2048 characters on one line, without $ and %').default(''),
        blueprint: group(
          {
            id: id("the domain's custom AWS service blueprint"),
            enable: flag('whether the account is let use the blueprint; once in an account').default(false),
          },
          '{ id: … }',
        ),
        role: role.optional(),
        managedPolicy: text(
          /^(?!\/)[\w+=,.@/-]{1,512}$/,
          'the name of a policy managed by AWS without its ARN, such as AmazonDataZoneFullUserAccess',
        ).optional(),
      },
      '{ name: …, blueprint: { id: … } }',
    ).optional(),
  },
  ['id', 'create'],
);

const notebookName = text(
  new RegExp(NOTEBOOK_NAME_PATTERN),
  'up to 63 lower-case letters, digits and hyphens, with neither a hyphen first nor last',
);
const vpcId = (prefix: string, what: string) => text(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `the id of ${what}, ${prefix}-…`);

const notebook = either(
  {
    name: notebookName.optional(),
    create: group(
      {
        name: notebookName.optional(),
        role: role.optional(),
        instanceType: text(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'a type of notebook instance, such as ml.t3.medium').default('ml.t3.medium'),
        volumeSize: whole({ from: 5, to: 16_384, unit: 'gigabytes' }).default(5),
        subnet: vpcId('subnet', 'a subnet').optional(),
        securityGroups: list(vpcId('sg', 'a security group'), 'up to 5 ids of security groups')
          .max(5, { error: () => 'names more than the 5 that SageMaker takes; write up to 5 ids of security groups' })
          .optional(),
        directInternetAccess: flag('whether the instance reaches the internet past the VPC').default(false),
        kmsKey: text(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/, 'the ARN of a KMS key').optional(),
        platform: text(/^notebook-al\d+-v\d+$/, 'a platform of notebook instances, such as notebook-al2-v3').optional(),
      },
      '{ subnet: … }',
    )
      .refine(({ subnet, directInternetAccess }) => subnet !== undefined || directInternetAccess, {
        error: () => 'has neither way into a network; write subnet, or directInternetAccess: true',
      })
      .refine(({ subnet, securityGroups }) => subnet !== undefined || securityGroups === undefined, {
        error: () => 'has securityGroups without a subnet; write subnet, or leave them out',
      })
      .optional(),
  },
  ['name', 'create'],
);

const subscriptionTarget = group(
  {
    create: flag('false where the environment has a target of this deployment already').default(true),
    name: text(/^[A-Za-z0-9 ._:/-]{1,256}$/, 'up to 256 letters, digits, spaces and . _ : / -').optional(),
    manageAccessRole: text(
      /^(service-role\/)?[\w+=,.@-]{1,64}$/,
      "the name of a role of the consumer's account without its ARN; DataZone takes none with a path but service-role/",
    ).optional(),
  },
  '{ create: …, name: …, manageAccessRole: … }',
);

const membership = group(
  {
    userProfile: word(['create', 'existing'], "whether the function's role becomes a user of the domain, which it is once"),
    projects: list(id('a project'), 'the ids of the projects that the function is to read').optional(),
  },
  '{ userProfile: create } or { userProfile: existing }',
);

const reads = list(
  text(new RegExp(READ_PATTERN), 'a registered bucket, or a folder of one, such as acme-raw or acme-raw/runs/, without * and ?').refine(
    (read) => !/[$%]\{|\p{Cc}/u.test(read),
    { error: 'holds a variable or a control character; write it without' },
  ),
  'the locations that readers read, such as acme-raw/runs/',
);

/** The section `consumerAccounts`: the consumers' side, one entry for each, every part of which is left out unless asked for. */
export const consumerAccounts = list(
  group(
    {
      account,
      deployRole: deployRole.optional(),
      region: region.optional(),
      name: text(
        new RegExp(CONSUMER_NAME_PATTERN),
        'up to 19 lower-case letters, digits and hyphens, with neither a hyphen first nor last',
      ).optional(),
      project: id('the consumer project'),
      environment,
      readers: list(role, "names of roles of the consumer's account", 0).default([]),
      notebook: notebook.optional(),
      reads: reads.optional(),
      subscriptionTarget: subscriptionTarget.prefault({}),
      membership: membership.optional(),
    },
    '{ account: …, project: …, environment: { id: … }, readers: […] }',
  ),
  'consumers',
  0,
)
  .superRefine((consumers, context) => {
    for (const { path, message } of consumerProblems(consumers)) context.addIssue({ code: 'custom', path: [...path], message });
  })
  .default([]);

/** A consumer as the file has it, defaults filled in. */
export type ConsumerFile = z.infer<typeof consumerAccounts>[number];

/** A consumer with the role resolved that deploys its account. */
export interface ConsumerAccountDeployment extends Omit<ConsumerFile, 'deployRole'> {
  /** Name of the role that Terraform assumes there. `undefined`: the caller's credentials. */
  readonly deployRole: string | undefined;
}
