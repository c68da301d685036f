import type { OperatorRequest } from '../contract/requests';
import type { Cause } from '../core/ledger/history-record';
import { TransientFailure, UnreadableItem } from '../errors';
import { attempt, consequenceOf } from '../failure';
import type { Invocation } from '../invocation';
import type { Message } from '../messages';
import type { Ports } from '../ports';
import { concludeRequest, continueRun, startRun } from '../reconcile/run';
import { freeze, unfreeze } from './freeze';
import type { RequestContext, RequestResult } from './request';
import { revokePrincipal, revokeSubscription } from './revoke';

type RequestMessage = Extract<Message, { kind: 'request' }>;

/** An older request is not executed: what an operator wanted then may be wrong now. Milliseconds. */
const GOOD_FOR = 15 * 60_000;
/** Clocks differ. Milliseconds. */
const AHEAD_AT_MOST = 5 * 60_000;

/**
 * Executes an operator's request once, however often its message comes, and records who made it, why, and its result. A request that is
 * not a message of the queue in flight is ignored: the function was invoked with it directly, by an unknown principal.
 * @throws LedgerUnavailable
 */
export const executeRequest = async (message: RequestMessage, invocation: Invocation): Promise<void> => {
  const { ports } = invocation;
  const { request } = message;
  const unit = { kind: 'deployment', name: `request ${request.id}` } as const;
  const result = await attempt(unit, () => execute(message, invocation), ports);
  if (result.done) return;
  // The message comes again, and the request is executed then: every command may be executed twice.
  if (result.returned || consequenceOf(result.error).kind === 'read-again') throw result.error;
  if (!(result.error instanceof UnreadableItem)) await concludeRequest(request.id, { ...FAILED, ports });
};

const FAILED: RequestResult = {
  state: 'refused',
  message: 'it failed unexpectedly; datazone-s3 doctor lists the failure: check what was done, then make the request again',
};

const execute = async (message: RequestMessage, invocation: Invocation): Promise<void> => {
  const { messageId, request, by } = message;
  const { ports } = invocation;
  const proven = await proofOf(message, ports);
  if (proven === 'not-in-flight') {
    ports.telemetry.unusable('another-sender');
    return;
  }
  const known = await ports.operations.request(request.id);
  // Accepted and not finished: the invocation ended in between, and every command may be executed twice.
  if (known !== undefined && known.state !== 'accepted') return;
  if (known === undefined) {
    const accepted = { revision: 1, request, by, state: 'accepted', at: ports.clock.now().toISOString() } as const;
    if (!(await ports.operations.saveRequest(accepted))) return;
  }
  const operator = { request: request.id, by, reason: request.reason };
  const cause: Cause = { trigger: 'operator', what: request.command, by, reason: request.reason };
  const context = { invocation, messageId, operator, cause };
  const { state, message: text } =
    proven !== 'in-flight' ? proven : isTimely(request, ports) ? await resultOf(request, context) : OUT_OF_TIME;
  await concludeRequest(request.id, { state, ...(text === undefined ? {} : { message: text }), ports });
  if (state === 'running') await continueRun({ messageId, invocation });
};

/** Whether the request is a message of the queue; a refusal if SQS does not answer. */
const proofOf = async ({ receiptHandle }: RequestMessage, { messages }: Ports): Promise<'in-flight' | 'not-in-flight' | RequestResult> => {
  try {
    return (await messages.isInFlight(receiptHandle)) ? 'in-flight' : 'not-in-flight';
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    return { state: 'refused', message: `its sender could not be verified: ${error.message}; nothing was done: make the request again` };
  }
};

const OUT_OF_TIME: RequestResult = {
  state: 'refused',
  message: 'it was made more than a quarter of an hour ago, or in the future; make the request again',
};

const isTimely = ({ at }: OperatorRequest, { clock }: Ports): boolean => {
  const age = clock.now().getTime() - Date.parse(at);
  return age <= GOOD_FOR && age >= -AHEAD_AT_MOST;
};

const resultOf = async (request: OperatorRequest, context: RequestContext): Promise<RequestResult> => {
  try {
    return await run(request, context);
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    return { state: 'refused', message: `${error.message}; this request is not tried again: make it again` };
  }
};

const run = async (request: OperatorRequest, context: RequestContext): Promise<RequestResult> => {
  const { ports, settings } = context.invocation;
  switch (request.command) {
    case 'reconcile':
      await startRun({ dryRun: request.dryRun, removals: request.removals ?? settings.removalCap, request: request.id }, ports);
      return { state: 'running' };
    case 'revoke':
      return revokeSubscription(request.subscription, context);
    case 'revoke-principal':
      return revokePrincipal(request, context);
    case 'freeze':
      return freeze(request.bucket, context);
    case 'unfreeze':
      return unfreeze(request.bucket, context);
    case 'uninstall':
      return uninstall(context);
    default:
      return request satisfies never;
  }
};

/** From here on every bucket is retiring; a run without a cap on revocations follows. */
const uninstall = async ({ invocation: { ports }, operator }: RequestContext): Promise<RequestResult> => {
  const { operations, clock } = ports;
  const state = await operations.deployment();
  if (state === undefined) return { state: 'refused', message: 'this deployment has not run yet; there is nothing to revoke' };
  const uninstalling = { request: operator.request, at: clock.now().toISOString() };
  if (state.uninstalling === undefined && !(await operations.saveDeployment({ ...state, uninstalling, revision: state.revision + 1 })))
    return { state: 'refused', message: 'another request changed the deployment at the same time; make the request again' };
  await startRun({ dryRun: false, removals: Number.MAX_SAFE_INTEGER, request: operator.request }, ports);
  return { state: 'running' };
};
