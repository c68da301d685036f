/** The AWS partitions that this product supports. */
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

/** The partition of a Region, told by its name; `undefined` for the isolated ones, which have no DataZone. */
export const partitionOf = (region: string): Partition | undefined => {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return /^(us|eu)-iso|^eusc-/.test(region) ? undefined : 'aws';
};
