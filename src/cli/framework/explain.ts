import { CommanderError } from 'commander';
import { printable } from '../../../handler/core/printable';
import { LedgerUnavailable, UnreadableItem } from '../../../handler/errors';
import { DeploymentError } from '../../deployment/problem';
import { callOf } from '../aws-call';
import { CommandFailure, type ExitClass } from './failure';

/** How errors of a kind are told apart, and what they come to. */
interface Kind {
  readonly names: RegExp;
  readonly exitClass: ExitClass;
  readonly says: (error: AwsAnswer) => string;
  readonly next: (error: AwsAnswer) => string;
}

interface AwsAnswer {
  readonly name: string;
  readonly message: string;
  /** `DataZone GetAsset`, where it is known. */
  readonly call: string;
  readonly service: string;
  readonly endpoint: string;
}

const sentence = (text: string): string => text.trim().replace(/\s+/g, ' ').replace(/\.$/, '');

const KINDS: readonly Kind[] = [
  {
    names: /^(CredentialsProviderError|TokenProviderError|ProviderError)$/,
    exitClass: 'credentials',
    says: ({ message }) => `no AWS credentials could be loaded: ${sentence(message)}`,
    next: () => 'log in (aws sso login), or name a profile with --profile',
  },
  {
    names:
      /^(ExpiredToken(Exception)?|RequestExpired|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|NotAuthorized|UnauthorizedSSOTokenError)$/,
    exitClass: 'credentials',
    says: ({ call, name }) => `AWS does not accept these credentials (${name} from ${call})`,
    next: () => 'log in again (aws sso login), or name another profile with --profile',
  },
  {
    names: /^(AccessDenied(Exception)?|UnauthorizedException|UnauthorizedOperation|Forbidden)$/,
    exitClass: 'denied',
    says: ({ call, message }) => `${call} was denied: ${sentence(message)}`,
    next: ({ service }) =>
      service === 'DataZone'
        ? 'allow the action in IAM, and in a V2 domain make yourself a member of the project; or name another profile with --profile'
        : 'have the action allowed, or name a profile that may with --profile',
  },
  {
    names:
      /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError|NetworkingError|AggregateError)$/,
    exitClass: 'unreachable',
    says: ({ service, endpoint, name }) => `${service} cannot be reached${endpoint === '' ? '' : ` at ${endpoint}`} (${name})`,
    next: () => 'check the network, the Region (--region), and AWS_ENDPOINT_URL where it is set',
  },
  {
    names:
      /Throttl|TooManyRequests|SlowDown|LimitExceeded|ProvisionedThroughput|InternalServer|InternalFailure|InternalError|ServiceUnavailable/,
    exitClass: 'unreachable',
    says: ({ call, name }) => `${call} keeps failing (${name})`,
    next: () => 'try again in a minute',
  },
  {
    names: /^(ResourceNotFoundException|NoSuchBucket|NoSuchEntity|NotFound|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)$/,
    exitClass: 'missing',
    says: ({ call, message }) => `${call} found nothing: ${sentence(message)}`,
    next: ({ service }) =>
      service === 'DynamoDB' || service === 'SQS' || service === 'Lambda'
        ? "deploy the domain account's stack, or name the deployment, the Region or the profile it belongs to"
        : 'check the id, and the deployment (--deployment) it is looked for in',
  },
  {
    names: /^(ConflictException|InvalidRequestException)$/,
    exitClass: 'refused',
    says: ({ call, message }) => `${call} was refused: ${sentence(message)}`,
    next: () => 'look at what is there already, and try again',
  },
  {
    names: /^Validation(Exception|Error)$/,
    exitClass: 'usage',
    says: ({ call, message }) => `${call} does not take these values: ${sentence(message)}`,
    next: () => 'correct the value that it names',
  },
];

/** Makes of whatever was thrown a sentence, the next step and a class. */
export const explain = (error: unknown): CommandFailure => {
  if (error instanceof CommandFailure) return error;
  if (error instanceof DeploymentError) {
    const next = 'correct the file, or name another with --deployment; deployment.example.yaml shows everything that can be set';
    return new CommandFailure('usage', `${error.file} is no deployment that works:`, next, { cause: error, details: error.problems });
  }
  if (error instanceof CommanderError) return misused(error);
  if (error instanceof UnreadableItem) return unreadable(error);
  if (error instanceof LedgerUnavailable) return awsFailure(error.cause) ?? unavailable(error);
  return awsFailure(error) ?? defect(error);
};

/** What commander guesses was meant, on a line of its own; what stands before it may hold line ends that were typed. */
const HINT = /\n\((Did you mean [^\n]*)\)$/;

const misused = (error: CommanderError): CommandFailure => {
  const [, hint] = HINT.exec(error.message) ?? [];
  const said = printable(error.message.replace(/^error: /, '').replace(HINT, ''));
  const next = `${hint === undefined ? '' : `${hint} `}see: datazone-s3 --help, or --help after the command`;
  return new CommandFailure('usage', said, next, { cause: error });
};

const awsFailure = (error: unknown): CommandFailure | undefined => {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  const names = [error.name, ...(typeof code === 'string' ? [code] : [])];
  const { service, operation, endpoint } = callOf(error) ?? { service: 'AWS', operation: '', endpoint: '' };
  const kind = KINDS.find(({ names: known }) => names.some((name) => known.test(name)));
  const name = names.find((one) => kind?.names.test(one)) ?? error.name;
  if (kind === undefined) {
    if (error.message === 'Region is missing')
      return new CommandFailure('usage', 'no Region is known', 'name one with --region, or a deployment with --deployment', {
        cause: error,
      });
    return error.cause === undefined ? undefined : awsFailure(error.cause);
  }
  const answer = { name, message: error.message, service, endpoint, call: `${service}${operation === '' ? '' : ` ${operation}`}` };
  return new CommandFailure(kind.exitClass, kind.says(answer), kind.next(answer), { cause: error });
};

const unreadable = (error: UnreadableItem): CommandFailure => {
  const { partition, sort } = error.item;
  return new CommandFailure(
    'unreadable',
    `ledger item '${printable(partition)}' / '${printable(sort)}' cannot be read by this version`,
    'find out who wrote it, then correct or delete the item; everything else that is wrong is listed by: datazone-s3 doctor',
    { cause: error },
  );
};

/** Without a cause that is known: DynamoDB kept leaving items unread, or answered with something new. */
const unavailable = (error: LedgerUnavailable): CommandFailure =>
  new CommandFailure(
    'unreachable',
    `the ledger could not be read: ${sentence(error.cause instanceof Error ? error.cause.message : error.message)}`,
    'try again in a minute',
    { cause: error },
  );

const defect = (error: unknown): CommandFailure =>
  new CommandFailure(
    'defect',
    `this was not foreseen: ${error instanceof Error ? sentence(error.message) : String(error)}`,
    'run it again with --debug, and report what it prints',
    { cause: error },
  );
