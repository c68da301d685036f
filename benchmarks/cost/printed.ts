import * as z from 'zod';

const metricLine = z.object({
  _aws: z.object({ CloudWatchMetrics: z.array(z.object({ Metrics: z.array(z.object({ Name: z.string() })) })) }),
});

/** Runs something in this process and keeps what it prints from the terminal. @returns what it printed, write by write */
export const printedBy = async (run: () => Promise<unknown>): Promise<readonly string[]> => {
  const printed: string[] = [];
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  for (const stream of streams)
    stream.write = (chunk: string | Uint8Array) => {
      printed.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      return true;
    };
  try {
    await run();
  } finally {
    streams.forEach((stream, index) => {
      const write = writes[index];
      if (write !== undefined) stream.write = write;
    });
  }
  return printed;
};

/** The metrics that a line says, if it is one that CloudWatch makes metrics of. */
export const metricsIn = (line: string): readonly string[] => {
  const { success, data } = line.startsWith('{') ? metricLine.safeParse(JSON.parse(line)) : { success: false, data: undefined };
  return success && data !== undefined ? data._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name)) : [];
};
