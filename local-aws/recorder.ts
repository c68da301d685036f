import type { Fields, HttpRequest, Reply } from './call';

/** One call as it was answered; `code` of an error; `cut` if the client never saw the answer, or not all of it. */
export type Recorded = {
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly caller: string;
  readonly region: string;
  readonly params: Fields;
  readonly status: number;
  readonly code?: string;
  readonly cut?: 'before' | 'after' | 'within';
  readonly at: Date;
};

/** One exchange on the wire: `path` is raw and holds the query. */
export type Exchange = {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly status: number;
  readonly resHeaders: Readonly<Record<string, string>>;
  readonly resBody: string;
};

/** Remembers every call and every exchange, in the order of their answers. */
export class Recorder {
  readonly calls: Recorded[] = [];
  readonly exchanges: Exchange[] = [];

  call(recorded: Recorded): void {
    this.calls.push(recorded);
  }

  exchange(service: string, request: HttpRequest, reply: Reply): void {
    const { method, path, query, headers, body } = request;
    const search = query.toString();
    this.exchanges.push({
      service,
      method,
      path: search === '' ? path : `${path}?${search}`,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body: body.length === 0 ? null : body.toString('utf8'),
      status: reply.status,
      resHeaders: { ...reply.headers },
      resBody: reply.body === undefined ? '' : reply.body.toString('utf8'),
    });
  }

  /** Calls of one operation. */
  of(operation: string): readonly Recorded[] {
    return this.calls.filter((call) => call.operation === operation);
  }

  /** Exchanges with one service, one JSON object a line. */
  lines(service: string): string {
    return this.exchanges.flatMap((exchange) => (exchange.service === service ? [`${JSON.stringify(exchange)}\n`] : [])).join('');
  }

  clear(): void {
    this.calls.length = 0;
    this.exchanges.length = 0;
  }
}
