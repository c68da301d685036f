import { statementWhere } from '../choice';
import { policyDocument } from '../policy-document';
import type { Plan } from './props';

/**
 * Every action that changes an item; batches and transactions are authorized as these.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
const WRITES = ['BatchWriteItem', 'DeleteItem', 'PartiQLDelete', 'PartiQLInsert', 'PartiQLUpdate', 'PutItem', 'UpdateItem'].map(
  (action) => `dynamodb:${action}`,
);

/**
 * Every action that removes a table, its policy or its backups, restores its items into a table without that policy, or changes it.
 * RestoreTableFromBackup is an action on a backup, which resource policies do not cover; it never writes to a table that exists.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-iam-actions.html
 */
const MANAGES = [
  'DeleteResourcePolicy',
  'DeleteTable',
  'PutResourcePolicy',
  'RestoreTableToPointInTime',
  'UpdateContinuousBackups',
  'UpdateTable',
].map((action) => `dynamodb:${action}`);

/**
 * The ledger is written by the function alone, whatever other policies of the account allow: what is granted is compiled from it.
 * Who may read it is left to IAM.
 */
export const ledgerPolicy = (plan: Plan): string => {
  const { arns } = plan;
  return policyDocument(
    {
      Sid: 'OnlyTheFunctionWrites',
      Effect: 'Deny',
      Principal: '*',
      Action: WRITES,
      Resource: arns.ledgerTable,
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': arns.functionRole } },
    },
    ...always({ table: arns.ledgerTable, indexes: arns.ledgerIndexes }, plan),
  );
};

/**
 * The registry, which says who may publish what, is never written by the roles of this deployment; where its writers are named
 * (Terraform has to be one of them), by nobody else either.
 */
export const registryPolicy = (plan: Plan): string => {
  const { props, arns } = plan;
  const deny = { Effect: 'Deny', Principal: '*', Action: WRITES, Resource: arns.registryTable } as const;
  return policyDocument(
    { Sid: 'NoRoleOfTheDeploymentWrites', ...deny, Condition: { ArnEquals: { 'aws:PrincipalArn': ownRoles(plan) } } },
    statementWhere(props.registryWriters.wanted, {
      Sid: 'OnlyItsWritersWrite',
      ...deny,
      Condition: { ArnNotLike: { 'aws:PrincipalArn': props.registryWriters.value } },
    }),
    ...always({ table: arns.registryTable, indexes: [] }, plan),
  );
};

const ownRoles = ({ arns }: Plan) => [arns.functionRole, arns.schedulerRole, arns.operatorRole, arns.auditorRole];

/**
 * What holds for both tables. Where Terraform's role is not known, any other principal may be the one that Terraform runs under, so that
 * only the deployment's own roles are kept from managing. The condition compares names: a deleted role that is created again under its
 * name may manage the tables again, so that no account loses control of them.
 */
const always = ({ table, indexes }: { readonly table: string; readonly indexes: readonly string[] }, plan: Plan) => {
  const { registryWriters } = plan.props;
  const deny = { Effect: 'Deny', Principal: '*', Resource: table } as const;
  return [
    {
      Sid: 'NoRoleOfTheDeploymentManages',
      ...deny,
      Action: MANAGES,
      Condition: { ArnEquals: { 'aws:PrincipalArn': ownRoles(plan) } },
    },
    statementWhere(registryWriters.wanted, {
      Sid: 'OnlyTerraformManages',
      ...deny,
      Action: MANAGES,
      Condition: { ArnNotLike: { 'aws:PrincipalArn': registryWriters.value } },
    }),
    // Neither table has a time to live, and Terraform sets none: with one, DynamoDB would delete items past every deny.
    { Sid: 'NoTimeToLive', ...deny, Action: 'dynamodb:UpdateTimeToLive' },
    // DynamoDB's endpoints also answer plain HTTP. https://docs.aws.amazon.com/general/latest/gr/ddb.html
    {
      Sid: 'OnlyOverTls',
      ...deny,
      Resource: [table, ...indexes],
      Action: 'dynamodb:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ] as const;
};
