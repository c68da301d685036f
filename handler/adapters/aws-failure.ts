import { BOUNDS, cut } from '../core/bounds';
import type { WaitingCode } from '../core/outcome';
import { TransientFailure } from '../errors';

type AwsError = {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly detail: string | undefined;
};

/** An SDK error's name, message, HTTP status and S3's `Detail`, whatever class it came in. */
export const awsError = (error: unknown): AwsError => {
  if (!(error instanceof Error))
    return { name: 'Unknown', message: cut(String(error), BOUNDS.awsMessage), status: undefined, detail: undefined };
  const metadata: unknown = Reflect.get(error, '$metadata');
  const status: unknown = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
  const detail: unknown = Reflect.get(error, 'Detail');
  return {
    name: cut(error.name, BOUNDS.awsMessage),
    message: cut(error.message, BOUNDS.awsMessage),
    status: typeof status === 'number' ? status : undefined,
    detail: detail === undefined ? undefined : cut(typeof detail === 'string' ? detail : String(JSON.stringify(detail)), BOUNDS.awsDetail),
  };
};

const THROTTLED = /Throttl|TooManyRequests|SlowDown|RequestLimitExceeded|ProvisionedThroughputExceeded/;

/** Whether AWS asks to come back more slowly. */
const isThrottled = (error: AwsError): boolean => THROTTLED.test(error.name) || error.status === 429;

export const isDenied = (error: AwsError): boolean =>
  error.name === 'AccessDenied' || error.name === 'AccessDeniedException' || error.name === 'UnauthorizedException' || error.status === 403;

/** Credentials past their time, of which S3 says so with 400. */
export const isExpired = (error: AwsError): boolean => error.name === 'ExpiredToken' || error.name === 'ExpiredTokenException';

/** What a failing call becomes, decided here for all adapters: its own code for what it could mean there, and throttled or unavailable for the rest. */
export const transient = (
  error: unknown,
  call: { readonly what: string; readonly meanings?: (error: AwsError) => { code: WaitingCode; message: string } | undefined },
): TransientFailure => {
  const failure = awsError(error);
  const meant = call.meanings?.(failure);
  if (meant !== undefined) return new TransientFailure(meant.code, meant.message, { cause: error });
  if (isThrottled(failure))
    return new TransientFailure('throttled', `${call.what} was throttled (${failure.name}); it is tried again more slowly`, {
      cause: error,
    });
  const status = failure.status === undefined ? '' : `, HTTP ${failure.status}`;
  return new TransientFailure('unavailable', `${call.what} failed (${failure.name}${status}); it is tried again`, { cause: error });
};
