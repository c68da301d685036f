const SEED_A = 0xdeadbeef;
const SEED_B = 0x41c6ce57;
const { imul } = Math;

/**
 * A 53-bit hash of a text (cyrb53, public domain) in base 36, cut to `length` digits. It names things, it protects nothing: where
 * two texts may meet, the caller tells them apart.
 */
export const shortHash = (text: string, length: number): string => {
  let a = SEED_A;
  let b = SEED_B;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = imul(a ^ unit, 2654435761);
    b = imul(b ^ unit, 1597334677);
  }
  a = imul(a ^ (a >>> 16), 2246822507) ^ imul(b ^ (b >>> 13), 3266489909);
  b = imul(b ^ (b >>> 16), 2246822507) ^ imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36).padStart(11, '0').slice(-length);
};
