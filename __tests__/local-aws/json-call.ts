import type { Credentials } from '../../local-aws/identities';
import type { LocalAws } from '../../local-aws/local-aws';
import { REGION } from './world';

export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

/** Calls a service of AWS's JSON protocols as a role or user, or with given credentials. The double checks no signature, only whose it is. */
export const jsonCall = async (
  aws: LocalAws,
  as: string | Credentials,
  { service, target, body }: { readonly service: 'sqs' | 'events'; readonly target: string; readonly body: unknown },
): Promise<Answer> => {
  const { accessKeyId, sessionToken } = typeof as === 'string' ? aws.credentialsFor(as) : as;
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261123/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const headers = {
    authorization,
    'x-amz-target': target,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  const response = await fetch(aws.endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
};
