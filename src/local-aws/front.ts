import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  type Asked,
  type Call,
  type Caller,
  type HttpRequest,
  notBuilt,
  type Reply,
  SERVICES,
  ServiceError,
  type ServiceName,
} from './call';
import { dataZoneError, readDataZone, replyDataZone } from './datazone/datazone';
import { authorizeDynamoDb, dynamoDbError, readDynamoDb } from './dynamodb';
import type { EventBus } from './eventing/event-bus';
import type { Fault, Faults } from './faults';
import { identityOf, principalOf, sessionArn } from './identities';
import type { Recorder } from './recorder';
import { readS3, s3Error } from './s3/protocol';
import { replyS3 } from './s3/s3';
import type { State } from './state';
import { readSts, replySts, stsError } from './sts';
import type { TableStore } from './table-store';

export type FrontParts = {
  readonly state: State;
  readonly bus: EventBus;
  readonly faults: Faults;
  readonly recorder: Recorder;
  readonly tables: TableStore;
};

/** How a service reads a request and words an error, and how it says that credentials are unknown or too old. */
type Protocol = {
  readonly read: (request: HttpRequest) => Asked;
  readonly error: (error: ServiceError) => Reply;
  readonly unknownKey: readonly [status: number, code: string];
  readonly expired: readonly [status: number, code: string];
};

const PROTOCOLS: Readonly<Record<ServiceName, Protocol>> = {
  datazone: {
    read: readDataZone,
    error: dataZoneError,
    unknownKey: [403, 'UnrecognizedClientException'],
    expired: [403, 'ExpiredTokenException'],
  },
  s3: { read: readS3, error: s3Error, unknownKey: [403, 'InvalidAccessKeyId'], expired: [400, 'ExpiredToken'] },
  sts: { read: readSts, error: stsError, unknownKey: [403, 'InvalidClientTokenId'], expired: [403, 'ExpiredToken'] },
  dynamodb: {
    read: readDynamoDb,
    error: dynamoDbError,
    unknownKey: [400, 'UnrecognizedClientException'],
    expired: [400, 'ExpiredTokenException'],
  },
};

type Signed = { readonly accessKeyId: string; readonly region: string; readonly service: ServiceName };

/**
 * The credential scope of a signature names key, Region and service; a presigned or anonymous request has none here.
 * @throws ServiceError 403 for those, 501 for another service.
 */
const CREDENTIAL = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;
const signatureOf = ({ headers, method, path }: HttpRequest): Signed => {
  const [, accessKeyId, region, name] = CREDENTIAL.exec(headers.authorization ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined || name === undefined) {
    throw new ServiceError(403, 'AccessDenied', 'Anonymous and presigned requests are refused');
  }
  const service = SERVICES.find((known) => known === name);
  if (service === undefined) throw notBuilt(name, String(headers['x-amz-target'] ?? `${method} ${path}`));
  return { accessKeyId, region, service };
};

const callerOf = ({ identities, clock }: State, { headers }: HttpRequest, { accessKeyId, service }: Signed): Caller => {
  const { unknownKey, expired } = PROTOCOLS[service];
  const session = identities.sessions.get(accessKeyId);
  const identity = session === undefined ? undefined : identityOf(identities, session);
  if (session === undefined || identity === undefined || headers['x-amz-security-token'] !== session.sessionToken) {
    throw new ServiceError(...unknownKey, 'The security token included in the request is invalid.');
  }
  if (session.expires !== undefined && session.expires <= clock()) {
    throw new ServiceError(...expired, 'The security token included in the request is expired');
  }
  return { account: identity.account, arn: sessionArn(session), principal: principalOf(identity, session), session };
};

/** What a client gets: an answer, or a connection that is cut. */
type Outcome = { readonly reply: Reply; readonly code?: string; readonly cut?: 'before' | 'after' };

export class Front {
  private readonly server: Server = createServer((incoming, outgoing) => void this.handle(incoming, outgoing));

  constructor(private readonly parts: FrontParts) {}

  get http(): Server {
    return this.server;
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const url = new URL(incoming.url ?? '/', 'http://local');
    const [path = '/'] = (incoming.url ?? '/').split('?');
    const { method = 'GET', headers } = incoming;
    const request: HttpRequest = { method, path, query: url.searchParams, headers, body: Buffer.concat(chunks) };
    const { reply, cut } = await this.answer(request);
    if (cut !== undefined) {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(reply.status, { 'x-amzn-requestid': randomUUID(), 'x-amz-request-id': 'LOCAL', ...reply.headers });
    outgoing.end(method === 'HEAD' ? undefined : reply.body);
  }

  private async answer(request: HttpRequest): Promise<Outcome> {
    let signed: Signed;
    try {
      signed = signatureOf(request);
    } catch (cause) {
      if (cause instanceof ServiceError) return { reply: s3Error(cause) };
      throw cause;
    }
    const { service } = signed;
    const { state, bus, recorder } = this.parts;
    const { outcome, call } = await this.serve(request, signed);
    const { reply, code, cut } = outcome;
    for (const event of state.outbox.splice(0)) bus.emit(event);
    if (cut === undefined) recorder.exchange(service, request, reply);
    const { operation = 'unread', params = {} } = call ?? {};
    recorder.call({
      service,
      operation,
      params,
      account: call?.caller.account ?? '',
      caller: call?.caller.arn ?? '',
      region: signed.region,
      status: reply.status,
      ...(code === undefined ? {} : { code }),
      ...(cut === undefined ? {} : { cut }),
      at: state.clock(),
    });
    return outcome;
  }

  private async serve(request: HttpRequest, signed: Signed): Promise<{ readonly outcome: Outcome; readonly call?: Call }> {
    const { state, faults } = this.parts;
    const { service, region } = signed;
    const { read, error: word } = PROTOCOLS[service];
    let call: Call | undefined;
    try {
      call = { service, region, caller: callerOf(state, request, signed), at: state.clock(), ...read(request) };
      const fault = faults.of(call);
      if (fault === 'drop before') return { outcome: { reply: { status: 0 }, cut: 'before' }, call };
      const reply = await this.perform(request, call, fault);
      return { outcome: { reply, ...(fault === 'drop after' ? { cut: 'after' as const } : {}) }, call };
    } catch (cause) {
      const error =
        cause instanceof ServiceError
          ? cause
          : new ServiceError(500, 'InternalFailure', cause instanceof Error ? cause.message : String(cause));
      return { outcome: { reply: word(error), code: error.code }, ...(call === undefined ? {} : { call }) };
    }
  }

  private async perform(request: HttpRequest, call: Call, fault: Fault | undefined): Promise<Reply> {
    const { state, tables } = this.parts;
    if (typeof fault === 'object' && 'delay' in fault) await fault.delay;
    if (typeof fault === 'object' && 'code' in fault) throw new ServiceError(fault.status, fault.code, fault.message);
    switch (call.service) {
      case 'datazone':
        return replyDataZone(state, call);
      case 's3':
        return replyS3(state, call, { stale: fault === 'stale read' });
      case 'sts':
        return replySts(state, call);
      case 'dynamodb':
        authorizeDynamoDb(state, call);
        return tables.forward(request);
      default:
        return call.service satisfies never;
    }
  }
}
