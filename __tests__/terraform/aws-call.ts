/** An account of moto's, in which calls are made without Terraform. */
export interface MotoAccount {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  /** Moto tells accounts apart by the key that a role's session was given, and verifies no signature. */
  readonly accessKey: string;
}

/** Takes on a role in an account, so that what is called there is that account's. */
export const enterAccount = async (endpoint: string, account: string, region: string): Promise<MotoAccount> => {
  const form = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: `arn:aws:iam::${account}:role/Test`,
    RoleSessionName: 'test',
  });
  const reply = await send({ endpoint, account, region, accessKey: 'test' }, 'sts', { method: 'POST', path: '/', body: form.toString() });
  const accessKey = /<AccessKeyId>([^<]+)</.exec(reply)?.[1];
  if (!accessKey) throw new Error(`moto gave no session in account ${account}: ${reply}`);
  return { endpoint, account, region, accessKey };
};

/** A call in AWS's JSON protocol: `AWSEvents.PutEvents`, `AmazonSQS.ReceiveMessage`. */
export const callJson = async (
  account: MotoAccount,
  { service, target, input }: { readonly service: string; readonly target: string; readonly input: object },
): Promise<Readonly<Record<string, unknown>>> => {
  const body = JSON.stringify(input);
  const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' };
  return JSON.parse((await send(account, service, { method: 'POST', path: '/', body, headers })) || '{}');
};

/** The policy of a bucket, parsed. */
export const getBucketPolicy = async (account: MotoAccount, bucket: string): Promise<Policy> =>
  JSON.parse(await send(account, 's3', { method: 'GET', path: `/${bucket}?policy` }));

/** Replaces the policy of a bucket, as anybody's PutBucketPolicy does. */
export const putBucketPolicy = async (account: MotoAccount, bucket: string, policy: Policy): Promise<void> => {
  await send(account, 's3', { method: 'PUT', path: `/${bucket}?policy`, body: JSON.stringify(policy), headers: JSON_BODY });
};

const JSON_BODY = { 'content-type': 'application/json' };

/** A policy as far as its statements are told apart. */
export interface Policy {
  readonly Version?: string;
  readonly Statement: readonly { readonly Sid?: string; readonly [member: string]: unknown }[];
}

interface Message {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const send = async ({ endpoint, region, accessKey }: MotoAccount, service: string, { method, path, body, headers }: Message) => {
  const reply = await fetch(`${endpoint}${path}`, {
    method,
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
    },
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`moto answered ${method} ${path} of ${service} with ${reply.status}: ${text}`);
  return text;
};
