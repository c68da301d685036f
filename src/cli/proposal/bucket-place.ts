import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { awsError } from '../../../handler/adapters/aws-failure';
import type { Clients } from '../clients';
import { CommandFailure } from '../framework/failure';

/** Where a bucket lives, as far as it can be told from outside. */
export interface BucketPlace {
  readonly region: string | undefined;
  /** Undefined: S3 tells an account only to those that may look into the bucket. */
  readonly account: string | undefined;
}

/** S3 names a bucket's Region in this header, in refusals too. Source: S3 API Reference, HeadBucket. */
const REGION_HEADER = 'x-amz-bucket-region';

/** The header of an answer that the SDK made an error of. */
const regionIn = (error: unknown): string | undefined => {
  const response: unknown = error instanceof Error ? Reflect.get(error, '$response') : undefined;
  const headers: unknown = typeof response === 'object' && response !== null ? Reflect.get(response, 'headers') : undefined;
  const region: unknown = typeof headers === 'object' && headers !== null ? Reflect.get(headers, REGION_HEADER) : undefined;
  return typeof region === 'string' ? region : undefined;
};

/** Whether S3 lets us look into the bucket, of this owner if one is given, and where it is; a refusal says that too. */
const answered = async (
  clients: Clients,
  bucket: string,
  owner?: string,
): Promise<{ readonly mine: boolean; readonly region: string | undefined }> => {
  try {
    const { BucketRegion: region } = await clients
      .s3()
      .send(new HeadBucketCommand({ Bucket: bucket, ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }) }));
    return { mine: true, region };
  } catch (error) {
    // A refusal of HEAD has no body, and so no code: only its status tells.
    const status = awsError(error).status;
    if (status !== 403 && status !== 404) throw error;
    return { mine: false, region: regionIn(error) };
  }
};

/** Finds a bucket's Region, and its account among those that are likely: by asking S3 whether it is the owner. */
export const bucketPlace = async (
  clients: Clients,
  { bucket, accounts }: { bucket: string; accounts: readonly string[] },
): Promise<BucketPlace> => {
  const { region } = await answered(clients, bucket);
  const there = region === undefined ? clients : clients.with({ region });
  for (const account of accounts) if ((await answered(there, bucket, account)).mine) return { region, account };
  return { region, account: undefined };
};

/** A domain's account, as its ARN says. */
export const accountIn = (arn: string | undefined): string => {
  const account = arn?.split(':')[4];
  if (account === undefined || account === '')
    throw new CommandFailure(
      'defect',
      `DataZone named the domain '${arn ?? ''}', which holds no account`,
      'write the deployment file by hand: deployment.example.yaml',
    );
  return account;
};
