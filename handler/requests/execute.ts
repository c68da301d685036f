import type { OperatorRequest } from '../contract/requests';
import { TransientFailure } from '../errors';
import type { Fulfillment } from '../invocation';
import type { Message } from '../messages';
import type { Ports } from '../ports';
import { concludeRequest, continueRun, startRun } from '../reconcile/run';
import type { RequestRecord } from '../request-record';
import { freeze, handOver, restore, unfreeze } from './freeze';
import { revokePrincipal, revokeSubscription } from './revoke';

type RequestMessage = Extract<Message, { kind: 'request' }>;

/** What a request has to work with. */
export type Carrying = {
  readonly fulfillment: Fulfillment;
  readonly returned: Set<string>;
  readonly messageId: string;
  /** The request's id, who asked, and why. */
  readonly asked: { readonly request: string; readonly by: string; readonly reason: string };
};

/** What became of a request; `running`: a reconcile goes on with it and says so when it is done. */
export type Carried = Pick<RequestRecord, 'message'> & { readonly state: 'done' | 'refused' | 'running' };

/** An older request is not carried out: what an operator wanted then may be wrong now. Milliseconds. */
const GOOD_FOR = 15 * 60_000;
/** Clocks differ. Milliseconds. */
const AHEAD_AT_MOST = 5 * 60_000;

/** Carries out an operator's request once, however often its message comes, and keeps who asked, why, and what became of it. */
export const carryOut = async (
  { messageId, request, by }: RequestMessage,
  { fulfillment, returned }: { fulfillment: Fulfillment; returned: Set<string> },
): Promise<void> => {
  const { ports } = fulfillment;
  const known = await ports.operations.request(request.id);
  // Accepted and not finished: the invocation ended in between, and every command may be done twice.
  if (known !== undefined && known.state !== 'accepted') return;
  if (known === undefined) {
    const accepted = { revision: 1, request, by, state: 'accepted', at: ports.clock.now().toISOString() } as const;
    if (!(await ports.operations.saveRequest(accepted))) return;
  }
  const asked = { request: request.id, by, reason: request.reason };
  const carrying = { fulfillment, returned, messageId, asked };
  const { state, message } = isTimely(request, ports) ? await carry(request, carrying) : OUT_OF_TIME;
  await concludeRequest(request.id, { state, ...(message === undefined ? {} : { message }), ports });
  if (state === 'running') await continueRun({ messageId }, { fulfillment, returned });
};

const OUT_OF_TIME: Carried = { state: 'refused', message: 'it was made more than a quarter of an hour ago, or in the future; ask again' };

const isTimely = ({ at }: OperatorRequest, { clock }: Ports): boolean => {
  const age = clock.now().getTime() - Date.parse(at);
  return age <= GOOD_FOR && age >= -AHEAD_AT_MOST;
};

const carry = async (request: OperatorRequest, carrying: Carrying): Promise<Carried> => {
  try {
    return await command(request, carrying);
  } catch (error) {
    if (!(error instanceof TransientFailure)) throw error;
    return { state: 'refused', message: `${error.message}; nothing is tried again for this request: ask again` };
  }
};

const command = async (request: OperatorRequest, carrying: Carrying): Promise<Carried> => {
  const { ports, settings } = carrying.fulfillment;
  switch (request.command) {
    case 'reconcile':
      await startRun({ dryRun: request.dryRun, removals: request.removals ?? settings.removalCap, request: request.id }, ports);
      return { state: 'running' };
    case 'revoke':
      return revokeSubscription(request.subscription, carrying);
    case 'revoke-principal':
      return revokePrincipal(request, carrying);
    case 'freeze':
      return freeze(request.bucket, carrying);
    case 'unfreeze':
      return unfreeze(request.bucket, carrying);
    case 'restore':
      return restore(request.bucket, carrying);
    case 'hand-over':
      return handOver(request, carrying);
    case 'uninstall':
      return uninstall(carrying);
    default:
      return request satisfies never;
  }
};

/** From here on every bucket is retiring; a run that takes away all there is follows. */
const uninstall = async ({ fulfillment: { ports }, asked }: Carrying): Promise<Carried> => {
  const { operations, clock } = ports;
  const state = await operations.deployment();
  if (state === undefined) return { state: 'refused', message: 'this deployment has not run yet; there is nothing to take away' };
  const uninstalling = { request: asked.request, at: clock.now().toISOString() };
  if (state.uninstalling === undefined && !(await operations.saveDeployment({ ...state, uninstalling, revision: state.revision + 1 })))
    return { state: 'refused', message: 'another request changed the deployment in the same moment; ask again' };
  await startRun({ dryRun: false, removals: Number.MAX_SAFE_INTEGER, request: asked.request }, ports);
  return { state: 'running' };
};
