import { QUOTAS } from '../quotas';

/**
 * How the statements of a role are spread over its policies: what the inline policy holds, then what each managed policy holds. Packed by
 * where a statement would begin if all were written one after the other: unlike a search for the fullest packing, this can be said in
 * Terraform's expressions too, and a module packs as a stack does. Each policy keeps room for the longest statement.
 */
export interface Packs<T> {
  readonly inline: readonly T[];
  readonly managed: readonly (readonly T[])[];
}

/** Characters that the inline policy, and each managed one, takes beside the packed statements. */
export interface Frame {
  readonly inline: number;
  readonly managed: number;
}

/** The packs of items whose statements take `lengths` characters each. */
export const packed = <T>(
  items: readonly T[],
  { lengths, frame }: { readonly lengths: readonly number[]; readonly frame: Frame },
): Packs<T> => {
  const longest = Math.max(1, ...lengths);
  const first = QUOTAS.rolePolicies.limit - frame.inline - longest;
  const next = Math.max(1, QUOTAS.managedPolicy.limit - frame.managed - longest);
  let begin = 0;
  const policyOf = items.map((_, index) => {
    const policy = begin < first ? 0 : 1 + Math.floor((begin - first) / next);
    begin += lengths[index] ?? 0;
    return policy;
  });
  const inPolicy = (policy: number) => items.filter((_, index) => policyOf[index] === policy);
  const managed = Math.max(0, ...policyOf);
  return { inline: inPolicy(0), managed: Array.from({ length: managed }, (_, index) => inPolicy(index + 1)) };
};

/** The same as a Terraform expression: the policy of each item, 0 for the inline one, as a list. `lengths` is the name of a local. */
export const packsExpression = (lengths: string, frame: Frame): string => {
  const longest = `max(1, local.${lengths}...)`;
  const first = `${QUOTAS.rolePolicies.limit - frame.inline} - ${longest}`;
  const next = `max(1, ${QUOTAS.managedPolicy.limit - frame.managed} - ${longest})`;
  const begin = `sum(concat([0], slice(local.${lengths}, 0, index)))`;
  return `[for index, length in local.${lengths} : ${begin} < ${first} ? 0 : 1 + floor((${begin} - (${first})) / ${next})]`;
};
