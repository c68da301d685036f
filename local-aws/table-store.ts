import type { Server } from 'node:http';
import dynalite from 'dynalite';
import type { Fields, HttpRequest, Reply } from './call';
import { listen, shut } from './server';

/** Any credentials will do: who may is decided before a call gets here. */
const AUTHORIZATION = 'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/** The DynamoDB behind the front. */
export type TableStore = {
  readonly forward: (request: Pick<HttpRequest, 'headers' | 'body'>) => Promise<Reply>;
  readonly call: (operation: string, body: Fields) => Promise<void>;
  /** Creates a table; resolves when it is there. */
  readonly createTable: (table: { readonly TableName: string } & Fields) => Promise<void>;
  readonly close: () => Promise<void>;
};

export const startTableStore = async (): Promise<TableStore> => {
  const server: Server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const endpoint = await listen(server);
  const post = async (target: string, body: string | Buffer): Promise<Reply> => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20260101T000000Z',
      authorization: AUTHORIZATION,
      connection: 'close',
    };
    const response = await fetch(endpoint, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) });
    return { status: response.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: await response.text() };
  };
  const call = async (operation: string, body: Fields): Promise<string> => {
    const reply = await post(`DynamoDB_20120810.${operation}`, JSON.stringify(body));
    if (reply.status !== 200) throw new Error(`${operation} of ${JSON.stringify(body)} failed: ${reply.body}`);
    return String(reply.body);
  };
  return {
    forward: ({ headers, body }) => post(String(headers['x-amz-target']), body),
    call: async (operation, body) => {
      await call(operation, body);
    },
    createTable: async (table) => {
      await call('CreateTable', table);
      // It is being created for a turn of the event loop or two, and unknown as long.
      while (!(await call('DescribeTable', { TableName: table.TableName })).includes('"TableStatus":"ACTIVE"'));
    },
    close: () => shut(server),
  };
};
