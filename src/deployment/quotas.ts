import { QUOTAS, type Quota } from '../../modules/quotas';

export { QUOTAS, type Quota };

/** A text or a number of things, the quota it falls under, and whose it is. */
export type Measured = { readonly quota: Quota; readonly where: string } & ({ readonly text: string } | { readonly count: number });

/** One sentence for everything that is longer than AWS takes. */
export const quotaProblems = (measured: readonly Measured[]): readonly string[] =>
  measured.flatMap((one) => {
    const { quota, where } = one;
    const count = 'count' in one ? one.count : lengthOf(one.text, quota);
    return count > quota.limit
      ? [`${where}: ${quota.what} would hold ${count} ${quota.unit}, and AWS takes ${quota.limit}; ${quota.remedy} (${quota.source})`]
      : [];
  });

const lengthOf = (text: string, { unit }: Quota): number => (unit === 'bytes' ? Buffer.byteLength(text) : text.replace(/\s/g, '').length);
