import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Call, type HttpRequest, type Reply, ServiceError } from './call';
import type { RequestLimits } from './eventing/request-limits';
import type { Fault, Faults } from './faults/faults';
import type { Later } from './later';
import { PROTOCOLS, type Services } from './protocols';
import type { Recorder } from './recorder';
import { s3Error } from './s3/protocol';
import { callerOf, type Signed, signatureOf } from './signature';

export type FrontParts = Services & {
  readonly faults: Faults;
  readonly recorder: Recorder;
  readonly later: Later;
  readonly limits: RequestLimits;
};

/** What a client gets: an answer, whole or spoilt, or a connection that is cut. */
type Outcome = {
  readonly reply: Reply;
  readonly code?: string;
  readonly cut?: 'before' | 'after' | 'within';
  readonly garbled?: true;
};

/** A request, and what resolves when its client is gone. */
type Incoming = { readonly request: HttpRequest; readonly gone: Promise<void> };

const UNHEARD: Outcome = { reply: { status: 0 }, cut: 'before' };

const requestOf = async (incoming: IncomingMessage): Promise<HttpRequest> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const { method = 'GET', headers, url = '/' } = incoming;
  const [path = '/'] = url.split('?');
  return { method, path, query: new URL(url, 'http://local').searchParams, headers, body: Buffer.concat(chunks) };
};

const has = <Name extends string>(fault: Fault | undefined, name: Name): fault is Extract<Fault, Record<Name, unknown>> =>
  typeof fault === 'object' && name in fault;

/** The one HTTP server: reads a request, finds out who calls, lets faults befall it, and has the service answer. */
export class Front {
  private readonly server: Server = createServer((incoming, outgoing) => void this.handle(incoming, outgoing));

  constructor(private readonly parts: FrontParts) {}

  get http(): Server {
    return this.server;
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const gone = new Promise<void>((resolve) => void outgoing.once('close', resolve));
    const request = await requestOf(incoming);
    await this.parts.later.runDue();
    const { reply, cut, garbled } = await this.answer({ request, gone });
    const whole = Buffer.from(request.method === 'HEAD' ? '' : (reply.body ?? ''));
    const body = cut === 'within' || garbled ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
    if (cut === 'before' || cut === 'after') {
      incoming.socket.destroy();
      return;
    }
    const length = request.method === 'HEAD' ? {} : { 'content-length': String(garbled ? body.length : whole.length) };
    const date = this.parts.state.clock().toUTCString();
    const headers = { date, 'x-amzn-requestid': randomUUID(), 'x-amz-request-id': 'LOCAL', ...reply.headers, ...length };
    outgoing.writeHead(reply.status, headers);
    if (cut === 'within') outgoing.write(body, () => incoming.socket.destroy());
    else outgoing.end(body);
  }

  private async answer({ request, gone }: Incoming): Promise<Outcome> {
    let signed: Signed;
    try {
      signed = signatureOf(request);
    } catch (cause) {
      if (cause instanceof ServiceError) return { reply: s3Error(cause) };
      throw cause;
    }
    const { outcome, call } = await this.serve({ request, gone }, signed);
    // A call that lands later is recorded when it has.
    if (outcome !== undefined) this.record({ request, signed, call, outcome });
    return outcome ?? UNHEARD;
  }

  private record({
    request,
    signed: { service, region },
    call,
    outcome: { reply, code, cut },
  }: {
    readonly request: HttpRequest;
    readonly signed: Signed;
    readonly call: Call | undefined;
    readonly outcome: Outcome;
  }): void {
    const { state, bus, recorder } = this.parts;
    for (const event of state.outbox.splice(0)) bus.emit(event);
    if (cut === undefined) recorder.exchange(service, request, reply);
    const { operation = 'unread', params = {} } = call ?? {};
    recorder.call({
      service,
      operation,
      params,
      account: call?.caller.account ?? '',
      caller: call?.caller.arn ?? '',
      region,
      status: reply.status,
      ...(code === undefined ? {} : { code }),
      ...(cut === undefined ? {} : { cut }),
      at: state.clock(),
    });
  }

  /** `outcome` is undefined where the call lands later. */
  private async serve(
    { request, gone }: Incoming,
    signed: Signed,
  ): Promise<{ readonly outcome: Outcome | undefined; readonly call: Call | undefined }> {
    const { state, faults, later, limits } = this.parts;
    const { service, region } = signed;
    const { read, ...errors } = PROTOCOLS[service];
    let call: Call | undefined;
    try {
      const caller = callerOf(state, request, { accessKeyId: signed.accessKeyId, errors });
      call = { service, region, caller, at: state.clock(), ...read(request) };
      const fault = faults.of(call);
      if (fault === 'drop before') return { outcome: UNHEARD, call };
      if (fault === 'no answer') {
        await limits.leaveUnanswered(gone);
        return { outcome: UNHEARD, call };
      }
      if (has(fault, 'landsAfter')) {
        const landing = call;
        later.add(fault.landsAfter, async () => {
          const outcome: Outcome = { ...(await this.perform(request, landing, undefined)), cut: 'after' };
          this.record({ request, signed, call: landing, outcome });
        });
        return { outcome: undefined, call };
      }
      return { outcome: await this.perform(request, call, fault), call };
    } catch (cause) {
      return { outcome: this.failure(cause, service), call };
    }
  }

  private failure(cause: unknown, service: Call['service']): Outcome {
    const error =
      cause instanceof ServiceError
        ? cause
        : new ServiceError(500, 'InternalFailure', cause instanceof Error ? cause.message : String(cause));
    return { reply: PROTOCOLS[service].error(error), code: error.code };
  }

  /** Has the service answer; an error is an answer too. */
  private async perform(request: HttpRequest, call: Call, fault: Fault | undefined): Promise<Outcome> {
    const { enter, perform } = PROTOCOLS[call.service];
    let leave: (() => void) | undefined;
    try {
      if (has(fault, 'delay')) await fault.delay;
      if (has(fault, 'code')) throw new ServiceError(fault.status, fault.code, fault.message);
      leave = enter?.(this.parts.state, call);
      if (has(fault, 'work')) await fault.work;
      const shows = has(fault, 'shows') ? { shows: { policy: fault.shows } } : {};
      const reply = await perform(this.parts, { call, request, stale: fault === 'stale read', half: fault === 'half a list', ...shows });
      if (fault === 'drop after') return { reply, cut: 'after' };
      if (fault === 'cut off') return { reply, cut: 'within' };
      return { reply, ...(fault === 'garbled' ? { garbled: true } : {}) };
    } catch (cause) {
      return this.failure(cause, call.service);
    } finally {
      leave?.();
    }
  }
}
