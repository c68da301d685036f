import * as z from 'zod';
import { region as regionName } from './common-fields';
import { partitionOf } from './partition';
import type { Problem } from './problem';

/** A tolerant view of the ARNs in a file: whatever is wrong elsewhere, what can be compared is compared. */
const word = z.string().optional().catch(undefined);
const words = z.array(word).catch([]);
const view = z
  .object({
    domain: z.object({ account: word, region: regionName.optional().catch(undefined), kmsKey: word }).catch({}),
    function: z.object({ codeSigningConfig: word }).catch({}),
    alarms: z.object({ topic: word }).catch({}),
    encryption: z.object({ key: word }).catch({}),
    operators: words,
    auditors: words,
    registryWriters: words,
  })
  .partial()
  .catch({});

interface NamedArn {
  readonly path: Problem['path'];
  readonly arn: string | undefined;
}

const each = (key: string, arns: readonly (string | undefined)[] = []): readonly NamedArn[] =>
  arns.map((arn, index) => ({ path: [key, index], arn }));

/** ARNs of places where the deployment cannot reach: of another partition, or, of what is regional, of another Region. */
export const arnProblems = (file: unknown): readonly Problem[] => {
  const { domain = {}, ...rest } = view.parse(file);
  const { region } = domain;
  const partition = region === undefined ? undefined : partitionOf(region);
  // A Region that is none is a problem of its own, and nothing to compare with.
  if (region === undefined || partition === undefined) return [];
  const regional: readonly NamedArn[] = [
    { path: ['domain', 'kmsKey'], arn: domain.kmsKey },
    { path: ['function', 'codeSigningConfig'], arn: rest.function?.codeSigningConfig },
    { path: ['alarms', 'topic'], arn: rest.alarms?.topic },
    { path: ['encryption', 'key'], arn: rest.encryption?.key },
  ];
  const global = [
    ...each('operators', rest.operators),
    ...each('auditors', rest.auditors),
    ...each('registryWriters', rest.registryWriters),
  ];
  return [
    ...regional.flatMap(({ path, arn }) => {
      const [prefix, , , place] = arn?.split(':') ?? [];
      return prefix !== 'arn' || place === region
        ? []
        : [{ path, message: `is '${arn}' in Region ${place}, but the domain is in ${region}; name one in ${region}` }];
    }),
    ...global.flatMap(({ path, arn }) => {
      const [prefix, home] = arn?.split(':') ?? [];
      return prefix !== 'arn' || home === partition
        ? []
        : [{ path, message: `is '${arn}' in partition ${home}, but the domain is in ${partition}; name one of ${partition}` }];
    }),
  ];
};
