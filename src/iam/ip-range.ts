type Address = { readonly bits: 32 | 128; readonly value: bigint };

const fromGroups = (groups: readonly string[], radix: 10 | 16, bits: 32 | 128): Address | undefined => {
  const width = bits === 32 ? 8n : 16n;
  const form = radix === 10 ? /^\d{1,3}$/ : /^[0-9a-f]{1,4}$/i;
  if (groups.length !== Number(BigInt(bits) / width) || !groups.every((group) => form.test(group))) return undefined;
  const numbers = groups.map((group) => Number.parseInt(group, radix));
  if (radix === 10 && numbers.some((number) => number > 255)) return undefined;
  return { bits, value: numbers.reduce((sum, number) => (sum << width) | BigInt(number), 0n) };
};

const addressOf = (text: string): Address | undefined => {
  if (!text.includes(':')) return fromGroups(text.split('.'), 10, 32);
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return fromGroups(before, 16, 128);
  const after = tail === '' ? [] : tail.split(':');
  const missing = 8 - before.length - after.length;
  return missing < 1 ? undefined : fromGroups([...before, ...Array<string>(missing).fill('0'), ...after], 16, 128);
};

/** Whether an IPv4 or IPv6 address lies in a CIDR range; undefined if `range` is none. */
export const inIpRange = (address: string, range: string): boolean | undefined => {
  const [network = '', length] = range.split('/');
  const base = addressOf(network);
  const prefix = Number(length ?? base?.bits);
  if (base === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > base.bits) return undefined;
  const own = addressOf(address);
  const shift = BigInt(base.bits - prefix);
  return own !== undefined && own.bits === base.bits && own.value >> shift === base.value >> shift;
};
