import { createHash } from 'node:crypto';

/** Base 36 digits of 64 bits. */
const DIGITS = 13;

/**
 * Returns the last `length` base 36 digits, at most 13, of the first 64 bits of a text's SHA-256. It shortens names and protects
 * nothing: where two texts may give the same digits, the caller distinguishes them.
 */
export const shortHash = (text: string, length: number): string =>
  createHash('sha256').update(text).digest().readBigUInt64BE().toString(36).padStart(DIGITS, '0').slice(-length);
