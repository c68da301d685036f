import * as z from 'zod';
import { type Asked, type HttpRequest, type Reply, ServiceError } from '../call';

const body = z.record(z.string(), z.unknown());

/** AWS's JSON protocols: the operation is in `x-amz-target`, after a prefix of the service's. */
export const readJson = (prefix: string, { headers, body: content }: HttpRequest): Asked => {
  const target = String(headers['x-amz-target']);
  const operation = target.startsWith(`${prefix}.`) ? target.slice(prefix.length + 1) : `with the target '${target}'`;
  return { operation, params: body.parse(JSON.parse(content.toString('utf8') || '{}')) };
};

export const jsonReply = (version: '1.0' | '1.1', content: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': `application/x-amz-json-${version}` },
  ...(content === undefined ? {} : { body: JSON.stringify(content) }),
});

/** @throws ServiceError ValidationException, saying which member is wrong. */
export const inputOf = <Schema extends z.core.$ZodType>(
  schema: Schema,
  params: unknown,
  code = 'ValidationException',
): z.output<Schema> => {
  const parsed = z.safeParse(schema, params);
  if (!parsed.success) throw new ServiceError(400, code, z.prettifyError(parsed.error));
  return parsed.data;
};
