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
 * The ledger is written by the function alone, whatever other policies of the account allow: what is granted is compiled from it.
 * Nobody is locked out: who may put a resource policy may change this one.
 */
export const ledgerPolicy = ({ arns }: Plan): string =>
  policyDocument({
    Sid: 'OnlyTheFunctionWrites',
    Effect: 'Deny',
    Principal: '*',
    Action: WRITES,
    Resource: arns.ledgerTable,
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': arns.functionRole } },
  });

/**
 * The registry, which says who may publish what, is never written by the roles of this deployment; where its writers are named
 * (Terraform has to be one of them), by nobody else either.
 */
export const registryPolicy = ({ props, arns }: Plan): string => {
  const deny = { Effect: 'Deny', Principal: '*', Action: WRITES, Resource: arns.registryTable } as const;
  return policyDocument(
    {
      Sid: 'NoRoleOfTheDeploymentWrites',
      ...deny,
      Condition: { ArnEquals: { 'aws:PrincipalArn': [arns.functionRole, arns.schedulerRole, arns.operatorRole, arns.auditorRole] } },
    },
    statementWhere(props.registryWriters.wanted, {
      Sid: 'OnlyItsWritersWrite',
      ...deny,
      Condition: { ArnNotLike: { 'aws:PrincipalArn': props.registryWriters.value } },
    }),
  );
};
