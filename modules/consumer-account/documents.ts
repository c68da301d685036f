import type { Place } from '../naming';
import { type Expression, eachItem, expressionOf, objectOf, policyDocument } from '../policy-document';
import { objectArns, type ReadRights } from './read-rights';

/** Lets SageMaker, on behalf of the consumer's own account, run a notebook instance under a role. */
export const notebookTrust = (account: string): string =>
  policyDocument({
    Sid: 'Notebook',
    Effect: 'Allow',
    Principal: { Service: 'sagemaker.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': account } },
  });

/**
 * A notebook instance writes its log under its own role, into one group that all instances of an account and Region share. What
 * it may read comes from bucket policies and from the reader's policy alone.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
 */
export const notebookPermissions = ({ partition, region, account }: Place): string =>
  policyDocument({
    Sid: 'Log',
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    Resource: `arn:${partition}:logs:${region}:${account}:log-group:/aws/sagemaker/NotebookInstances:*`,
  });

/**
 * Lets DataZone take on an environment's role for a member of the project, on behalf of the account that hosts the domain; its
 * session tags all begin with `datazone`. AWS documents this trust for the roles that DataZone makes itself.
 * https://docs.aws.amazon.com/datazone/latest/userguide/AmazonDataZoneDomainExecutionRole.html
 */
export const environmentTrust = (domainAccount: string): string =>
  policyDocument({
    Sid: 'DataZone',
    Effect: 'Allow',
    Principal: { Service: 'datazone.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: {
      StringEquals: { 'aws:SourceAccount': domainAccount },
      'ForAllValues:StringLike': { 'aws:TagKeys': ['datazone*'] },
    },
  });

/** What a member of the project does behind the portal's link: open one notebook instance, and start or stop it. */
export const notebookAccess = ({ partition, region, account }: Place, notebook: string): string =>
  policyDocument({
    Sid: 'Notebook',
    Effect: 'Allow',
    Action: [
      'sagemaker:CreatePresignedNotebookInstanceUrl',
      'sagemaker:DescribeNotebookInstance',
      'sagemaker:StartNotebookInstance',
      'sagemaker:StopNotebookInstance',
    ],
    Resource: `arn:${partition}:sagemaker:${region}:${account}:notebook-instance/${notebook}`,
  });

/** `[value]`, of a value that is an expression. */
const only = ({ text, known }: Expression): Expression => ({ text: `[${text}]`, known });

/**
 * What a reader needs beside the bucket policy where a bucket belongs to another account: both have to allow. It ends where the
 * listed accounts do, so that a bucket's name that somebody else took is worth nothing.
 */
export const readerPolicy = (rights: ReadRights, bucketAccounts: readonly string[]): string => {
  const inAccounts = { 'aws:ResourceAccount': bucketAccounts };
  return policyDocument(
    only(
      objectOf({
        Effect: expressionOf('Allow'),
        Action: expressionOf('s3:GetObject'),
        Resource: objectArns(rights),
        Condition: expressionOf({ StringEquals: inAccounts }),
      }),
    ),
    eachItem(rights.folders, ({ bucketArn, prefixPattern }) => ({
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: bucketArn,
      Condition: { StringEquals: inAccounts, StringLike: { 's3:prefix': prefixPattern } },
    })),
    eachItem(rights.wholeBuckets, ({ bucketArn }) => ({
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: bucketArn,
      Condition: { StringEquals: inAccounts },
    })),
  );
};
