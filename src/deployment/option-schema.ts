import { LONGEST_ROLE_PATH } from '../../modules/variables';
import { principalPattern, regionalArn } from './common-fields';
import { flag, group, list, text, whole } from './fields';

/** How a deployment fits into an account that has rules of its own for names and roles. */
export const IDENTITY = {
  namePrefix: text(
    /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/,
    '2 to 32 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen: what names in AWS begin with, instead of name',
  ).optional(),
  organization: text(
    /^o-[a-z0-9]{10,32}$/,
    'the id of the organization of the bucket accounts, such as o-a1b2c3d4e5: in policies it stands for their list, which has no room for very many',
  ).optional(),
  iam: group(
    {
      rolePath: text(
        new RegExp(`^(?=.{0,${LONGEST_ROLE_PATH}}$)(?:[\\w+=,.@-]+/)*$`),
        `the path of all roles and policies without the slash before it and with the one behind it, such as service/, of at most ${LONGEST_ROLE_PATH} characters`,
      ).default(''),
      permissionsBoundary: text(
        /^(?!\/)[\w+=,.@/-]{1,512}$/,
        'the name of a managed policy that every account has, with its path where it has one: it bounds every role',
      ).optional(),
    },
    'how roles are made',
  ).prefault({}),
};

/** Who may command and look, what is told of trouble, and whose key encrypts. */
export const OPTIONS = {
  operators: list(principalPattern, 'the roles and users who may take on the operator role', 0).default([]),
  auditors: list(principalPattern, 'the roles and users who may take on the auditor role', 0).default([]),
  registryWriters: list(
    principalPattern,
    'the roles and users who alone may write the registry and manage tables and queues, beside the deploy role of the domain account',
    0,
  ).default([]),
  alarms: group(
    {
      topic: regionalArn('sns', '[\\w-]{1,256}(?:\\.fifo)?', "an SNS topic in the domain's Region"),
      waitingMinutes: whole({ from: 5, to: 10_080, unit: 'minutes that a grant may wait' }).default(60),
    },
    '{ topic: … }',
  ).optional(),
  dashboard: flag('whether there is a CloudWatch dashboard').default(false),
  encryption: group(
    {
      key: text(
        /^(?:create|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,128})$/,
        "create, or the ARN of a KMS key in the domain's Region",
      ),
    },
    '{ key: create } or { key: … }, the ARN of a KMS key',
  ).optional(),
};

/** The customer's key that encrypts the DataZone domain, where there is one. */
export const domainKey = regionalArn('kms', 'key/[A-Za-z0-9-]{1,128}', 'a KMS key').optional();
