import type { MiddlewareStack } from '@smithy/types';

/** Which call of which service an error came from; the SDK's errors do not say. */
export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  /** Where it was sent, if it got so far. */
  readonly endpoint: string;
}

const calls = new WeakMap<Error, AwsCall>();

/** The call that threw this error, if a client of ours made it. */
export const callOf = (error: Error): AwsCall | undefined => calls.get(error);

/** Has a client's errors remember their call; `stack` is the client's. */
export const rememberCalls = <Input extends object, Output extends object>(
  service: string,
  stack: MiddlewareStack<Input, Output>,
): void => {
  stack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof Error) {
          const { commandName, endpointV2 } = context;
          const operation = typeof commandName === 'string' ? commandName.replace(/Command$/, '') : '';
          calls.set(error, { service, operation, endpoint: endpointV2?.url.origin ?? '' });
        }
        throw error;
      }
    },
    { step: 'initialize', name: 'rememberCall', override: true },
  );
};
