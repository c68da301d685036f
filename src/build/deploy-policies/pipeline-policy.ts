import { roleArn } from '../../../modules/naming';
import type { Statement } from '../../../modules/policy-document';
import type { Deployment } from '../../deployment/load';

/**
 * What whoever runs Terraform needs with credentials of their own: to take on the deploy roles, and to keep the state, which no deploy
 * role touches. https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
 */
export const pipelineStatements = (deployment: Deployment): readonly Statement[] => [...rolesOf(deployment), ...stateOf(deployment)];

const rolesOf = ({ domain, bucketAccounts, consumerAccounts }: Deployment): readonly Statement[] => {
  const roles = [domain, ...bucketAccounts, ...consumerAccounts].flatMap(({ account, deployRole }) =>
    deployRole === undefined ? [] : [roleArn({ partition: domain.partition, account }, deployRole)],
  );
  return roles.length === 0 ? [] : [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: [...new Set(roles)].sort() }];
};

const stateOf = ({ name, domain, state }: Deployment): readonly Statement[] => {
  if (state?.backend !== 's3') return [];
  const bucket = `arn:${domain.partition}:s3:::${state.bucket}`;
  const states = `${bucket}/${state.keyPrefix}/${name}/*.tfstate`;
  const lock: Statement = { Effect: 'Allow', Action: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], Resource: `${states}.tflock` };
  return [
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket },
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: states },
    ...(state.lock ? [lock] : []),
  ];
};
