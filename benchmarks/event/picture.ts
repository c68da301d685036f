import type { SteppedCall } from './lock-step';

const COLOURS: Readonly<Record<string, string>> = { datazone: '#6f42c1', dynamodb: '#1f6feb', sts: '#bf8700', s3: '#1a7f37' };
const BAR = { width: 62, height: 16, gap: 4 };
const LEFT = 280;
const TOP = 34;

/** Calls of one kind in one round, drawn as one bar. */
const barsOf = (calls: readonly SteppedCall[]) => {
  const bars = new Map<string, { readonly call: SteppedCall; count: number }>();
  for (const call of calls) {
    const key = `${call.round} ${call.service} ${call.operation}`;
    const bar = bars.get(key) ?? { call, count: 0 };
    bar.count += 1;
    bars.set(key, bar);
  }
  return [...bars.values()];
};

/** The calls of one event as an SVG: a column for each round, a bar for each kind of call, a line where access is given. */
export const pictureOf = (calls: readonly SteppedCall[], title: string): string => {
  const bars = barsOf(calls);
  const rounds = Math.max(...calls.map(({ round }) => round));
  const write = calls.find(({ operation }) => operation === 'PutBucketPolicy')?.round ?? rounds;
  const [width, height] = [LEFT + (rounds + 1) * BAR.width, TOP + (bars.length + 1) * (BAR.height + BAR.gap)];
  const x = (round: number) => LEFT + (round - 1) * BAR.width;
  const columns = Array.from({ length: rounds }, (_, index) => `<text x="${x(index + 1) + 4}" y="30">${index + 1}</text>`);
  const drawn = bars.map(({ call, count }, row) => {
    const y = TOP + row * (BAR.height + BAR.gap);
    const times = count === 1 ? '' : ` × ${count}`;
    return `<text x="4" y="${y + 12}">${call.service} ${call.operation}${times}</text><rect x="${x(call.round)}" y="${y}" width="${BAR.width - 4}" height="${BAR.height}" fill="${COLOURS[call.service] ?? '#57606a'}"/>`;
  });
  const given = `<line x1="${x(write + 1) - 2}" y1="18" x2="${x(write + 1) - 2}" y2="${height}" stroke="#cf222e" stroke-width="2"/><text x="${x(write + 1) + 4}" y="${height - 6}" fill="#cf222e">access is given</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#ffffff"/><text x="4" y="14" font-weight="bold">${title}</text>${columns.join('')}${drawn.join('')}${given}</svg>\n`;
};
