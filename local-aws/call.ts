import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../src/iam/request';
import type { Session } from './identities';

export const SERVICES = ['datazone', 's3', 'sts', 'dynamodb', 'sqs', 'events', 'lambda'] as const;
export type ServiceName = (typeof SERVICES)[number];

export type Fields = Readonly<Record<string, unknown>>;

/** Who calls. `arn` is what AWS puts in messages: a session's or a user's. */
export type Caller = { readonly account: string; readonly arn: string; readonly principal: Principal; readonly session: Session };

/** One request, understood: `params` are named as in the service's API model. */
export type Call = {
  readonly service: ServiceName;
  readonly operation: string;
  readonly params: Fields;
  readonly region: string;
  readonly caller: Caller;
  readonly at: Date;
};

export type Reply = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer };

export type HttpRequest = {
  readonly method: string;
  /** Raw, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** What the request asks of its service. */
export type Asked = { readonly operation: string; readonly params: Fields };

/** A failure as the service words it: `code` is the API's, `extra` are further members of an XML error. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly more: { readonly headers?: Readonly<Record<string, string>>; readonly extra?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
  }
}

/** Nothing is answered that was not built: the operation is named, and the client sees 501. */
export const notBuilt = (service: string, operation: string): ServiceError =>
  new ServiceError(501, 'NotImplemented', `the local AWS does not implement ${service} ${operation}`);
