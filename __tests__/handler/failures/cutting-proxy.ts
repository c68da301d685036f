import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { HttpRequest } from '../../../src/local-aws/call';
import { readDataZone } from '../../../src/local-aws/datazone/datazone';
import { readDynamoDb } from '../../../src/local-aws/dynamodb';
import { readS3 } from '../../../src/local-aws/s3/protocol';
import { listen, shut } from '../../../src/local-aws/server';
import { readSts } from '../../../src/local-aws/sts';

const READERS = { datazone: readDataZone, s3: readS3, sts: readSts, dynamodb: readDynamoDb };

/** What becomes of an answer: its connection ends in the middle of the body, or the body is whole and ends in the middle of its text. */
export type Cut = 'cut off' | 'garbled';

export type CuttingProxy = {
  readonly endpoint: string;
  /** Spoils the answers to an operation until called with nothing. Whatever the call was to do is done. */
  readonly spoil: (spoilt?: { readonly operation: string; readonly cut: Cut }) => void;
  readonly close: () => Promise<void>;
};

const operationOf = (asked: HttpRequest): string => {
  const service = /\/(\w+)\/aws4_request/.exec(asked.headers.authorization ?? '')?.[1];
  const reader = Object.entries(READERS).find(([name]) => name === service)?.[1];
  return reader?.(asked).operation ?? '';
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

/** Stands between a client and the double, and passes everything on, but for the answers it spoils. */
export const startCuttingProxy = async (target: string): Promise<CuttingProxy> => {
  let spoilt: { readonly operation: string; readonly cut: Cut } | undefined;

  const pass = (incoming: IncomingMessage, body: Buffer): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { method, headers, url } = incoming;
      request(`${target}${url}`, { method, headers }, resolve).on('error', reject).end(body);
    });

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = 'GET', headers, url = '/' } = incoming;
    const body = await bodyOf(incoming);
    const [path = '/'] = url.split('?');
    const operation = operationOf({ method, path, query: new URL(url, target).searchParams, headers, body });
    const reply = await pass(incoming, body);
    const whole = await bodyOf(reply);
    const { 'transfer-encoding': _, ...rest } = reply.headers;
    if (spoilt?.operation !== operation) {
      outgoing.writeHead(reply.statusCode ?? 500, { ...rest, 'content-length': whole.length }).end(whole);
      return;
    }
    const half = whole.subarray(0, Math.ceil(whole.length / 2));
    outgoing.writeHead(reply.statusCode ?? 500, { ...rest, 'content-length': spoilt.cut === 'garbled' ? half.length : whole.length + 1 });
    if (spoilt.cut === 'garbled') outgoing.end(half);
    else outgoing.write(half, () => incoming.socket.destroy());
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  return {
    endpoint: await listen(server),
    spoil: (next) => {
      spoilt = next;
    },
    close: () => shut(server),
  };
};
