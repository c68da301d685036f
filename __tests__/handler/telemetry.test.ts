import fc from 'fast-check';
import { powertoolsTelemetry } from '../../handler/adapters/telemetry';
import { law } from './core/property';

const HOSTILE = '\u001b]0;pwned\u0007\u009b2J\u202e\u2066\u200b\u2028\u2029\r\n\u007f\ud800';
const MISLEADING = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
// Without it the logger writes around the console that the test watches.
process.env['POWERTOOLS_DEV'] = 'true';
const TELEMETRY = powertoolsTelemetry('acme');

/** The lines that were logged. */
const logged = (log: (telemetry: typeof TELEMETRY) => void): readonly string[] => {
  const lines: string[] = [];
  const methods = (['info', 'warn', 'error'] as const).map((name) =>
    jest.spyOn(console, name).mockImplementation((...line: readonly unknown[]) => void lines.push(line.join())),
  );
  const metrics = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    log(TELEMETRY);
    TELEMETRY.flush();
  } finally {
    for (const method of [...methods, metrics]) method.mockRestore();
  }
  return lines;
};

const everything = (text: string) =>
  logged((telemetry) => {
    telemetry.begin(text);
    telemetry.outcome(text, { kind: 'refused', code: 'location-invalid', message: text });
    telemetry.outcome(text, { kind: 'ignored', reason: text });
    telemetry.unusable(text);
    telemetry.failure(text, new Error(text, { cause: new Error(text, { cause: text }) }));
    telemetry.drift(text, 'wiped');
    telemetry.request({ id: text, command: 'freeze', by: text, state: 'refused' });
    telemetry.residualAccess(text, 2);
  });

/** A log line holds texts as JSON does: what they hold is safe once they are decoded. */
const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)])
      : [];

describe("the function's log", () => {
  const calls = everything('harmless').length;

  it('writes a line for each call', () => {
    expect(calls).toBe(7);
  });

  const expectSafe = (text: string) => {
    const lines = everything(text).map((line) => JSON.parse(line));
    expect(lines).toHaveLength(calls);
    expect(textsIn(lines).filter((shown) => MISLEADING.test(shown) || shown.length > 2_001)).toEqual([]);
  };

  it.each([
    ['short', HOSTILE],
    ['of 1 MB', HOSTILE.repeat(60_000)],
  ])('shows no control character of a hostile text, %s', (_length, text) => expectSafe(text));

  law('shows no control character, whatever a text holds', fc.string({ unit: 'binary' }), expectSafe);

  it('names the causes of an error, and ends where a cause is its own', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    const endless = new Error('endless');
    endless.cause = endless;
    const [first = '', second = ''] = logged((telemetry) => {
      telemetry.failure('it failed', error);
      telemetry.failure('it failed', endless);
    });
    expect(JSON.parse(first)).toMatchObject({ message: 'it failed', why: 'outer; inner' });
    expect(JSON.parse(second).why).toMatch(/^endless(; endless){8}$/);
  });
});
