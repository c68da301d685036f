import { type Caller, type HttpRequest, notBuilt, SERVICES, ServiceError, type ServiceName } from './call';
import { identityOf, principalOf, sessionArn } from './identities';
import type { State } from './state';

export type Signed = { readonly accessKeyId: string; readonly region: string; readonly service: ServiceName };

const CREDENTIAL = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/**
 * The credential scope of a signature names key, Region and service; a presigned or anonymous request has none here.
 * @throws ServiceError 403 for those, 501 for another service.
 */
export const signatureOf = ({ headers, method, path }: HttpRequest): Signed => {
  const [, accessKeyId, region, name] = CREDENTIAL.exec(headers.authorization ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined || name === undefined) {
    throw new ServiceError(403, 'AccessDenied', 'Anonymous and presigned requests are refused');
  }
  const service = SERVICES.find((known) => known === name);
  if (service === undefined) throw notBuilt(name, String(headers['x-amz-target'] ?? `${method} ${path}`));
  return { accessKeyId, region, service };
};

/** How a service says that credentials are unknown, or too old. */
export type CredentialErrors = {
  readonly unknownKey: readonly [status: number, code: string];
  readonly expired: readonly [status: number, code: string];
};

/** @throws ServiceError for credentials that nobody was given, that are too old, or whose role or user is gone. */
export const callerOf = (
  { identities, clock }: State,
  { headers }: HttpRequest,
  { accessKeyId, errors }: { readonly accessKeyId: string; readonly errors: CredentialErrors },
): Caller => {
  const session = identities.sessions.get(accessKeyId);
  const identity = session === undefined ? undefined : identityOf(identities, session);
  if (session === undefined || identity === undefined || headers['x-amz-security-token'] !== session.sessionToken) {
    throw new ServiceError(...errors.unknownKey, 'The security token included in the request is invalid.');
  }
  if (session.expires !== undefined && session.expires <= clock()) {
    throw new ServiceError(...errors.expired, 'The security token included in the request is expired');
  }
  return { account: identity.account, arn: sessionArn(session), principal: principalOf(identity, session), session };
};
