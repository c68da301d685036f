import { isAllowed, notAuthorized } from './authorization';
import { type Asked, type Call, type HttpRequest, notBuilt, type Reply, ServiceError } from './call';
import type { State } from './state';

const CONFIGURATION = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/;
const MAPPINGS = /^\/2015-03-31\/event-source-mappings\/?$/;

/** REST-JSON: the path names the operation. */
export const readLambda = ({ method, path, query }: HttpRequest): Asked => {
  const [, name] = CONFIGURATION.exec(path) ?? [];
  if (method === 'GET' && name !== undefined)
    return { operation: 'GetFunctionConfiguration', params: { FunctionName: decodeURIComponent(name) } };
  if (method === 'GET' && MAPPINGS.test(path)) return { operation: 'ListEventSourceMappings', params: Object.fromEntries(query) };
  throw notBuilt('lambda', `${method} ${path}`);
};

export const lambdaError = ({ status, code, message }: ServiceError): Reply => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ Message: message }),
});

const ok = (content: unknown): Reply => ({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) });

const permit = (state: State, call: Call, resource: string): void => {
  const question = { action: `lambda:${call.operation}`, resource };
  if (!isAllowed(state, call, question)) throw new ServiceError(403, 'AccessDeniedException', notAuthorized(call, question));
};

/** How a function is configured and what feeds it; nobody invokes one from outside. */
export const replyLambda = (state: State, call: Call): Reply => {
  const name = String(call.params['FunctionName']);
  switch (call.operation) {
    case 'GetFunctionConfiguration': {
      const arn = `arn:aws:lambda:${call.region}:${call.caller.account}:function:${name}`;
      permit(state, call, arn);
      const found = state.functions.get(name);
      if (found === undefined || found.arn !== arn) throw new ServiceError(404, 'ResourceNotFoundException', `Function not found: ${arn}`);
      const { roleArn, environment } = found;
      return ok({
        ...{ FunctionName: name, FunctionArn: arn, Role: roleArn, State: 'Active', LastUpdateStatus: 'Successful' },
        Environment: { Variables: environment },
      });
    }
    case 'ListEventSourceMappings': {
      permit(state, call, '*');
      const own = state.eventSources.filter(({ functionName }) => functionName === name);
      return ok({
        EventSourceMappings: own.map(({ queueArn, batchSize }, index) => ({
          UUID: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
          ...{ EventSourceArn: queueArn, BatchSize: batchSize, State: 'Enabled' },
        })),
      });
    }
    default:
      throw notBuilt('lambda', call.operation);
  }
};
