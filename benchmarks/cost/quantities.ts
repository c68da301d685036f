/** What some work took, by name: calls, bytes, units. */
export type Quantities = Readonly<Record<string, number>>;

export const sumOf = (...all: readonly Quantities[]): Quantities => {
  const sum: Record<string, number> = {};
  for (const one of all) for (const [name, value] of Object.entries(one)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
};

export const times = (quantities: Quantities, factor: number): Quantities =>
  Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, value * factor]));

export const minus = (one: Quantities, other: Quantities): Quantities => sumOf(one, times(other, -1));

/** Calls are counted as `call <service> <operation>`. */
export const CALL = 'call ';

/** How many calls there are to a service, of operations that fit. */
export const callsTo = (quantities: Quantities, service = '', fits: (operation: string) => boolean = () => true): number =>
  Object.entries(quantities).reduce((sum, [name, value]) => {
    const [, to = '', operation = ''] = name.split(' ');
    return name.startsWith(CALL) && (service === '' || to === service) && fits(operation) ? sum + value : sum;
  }, 0);
