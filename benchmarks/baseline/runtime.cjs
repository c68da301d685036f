// A minimal Lambda runtime. Loads the handler named on the command line, prints `loaded`, runs the handler for every event on standard
// input and prints `done` after each. With `running` on the command line, a line `{"advanceClock": <milliseconds>}` moves the clock forward.
// With `standing` no other time passes and no time limit of a request elapses, so that the results do not depend on the machine's speed.
const { createInterface } = require('node:readline');

let offset = 0;
const clock = process.argv[3];
if (clock !== undefined) {
  const start = Date.now();
  const now = clock === 'standing' ? () => start : Date.now;
  globalThis.Date = new Proxy(Date, {
    construct: (date, given, made) => Reflect.construct(date, given.length === 0 ? [now() + offset] : given, made),
    get: (date, name, receiver) => (name === 'now' ? () => now() + offset : Reflect.get(date, name, receiver)),
  });
}

if (clock === 'standing') {
  const start = globalThis.setTimeout;
  globalThis.setTimeout = (callback, milliseconds, ...given) => (milliseconds >= 1_000 ? {} : start(callback, milliseconds, ...given));
}

const { handler } = require(process.argv[2]);
process.stdout.write('loaded\n');
const context = { awsRequestId: 'request', functionName: 'function', getRemainingTimeInMillis: () => 60_000 };
(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const event = JSON.parse(line);
    if (event.advanceClock !== undefined) offset += event.advanceClock;
    else await handler(event, context);
    process.stdout.write('done\n');
  }
  const memory = `memory ${Math.ceil(process.resourceUsage().maxRSS / 1024)}\n`;
  // Connections are kept alive, so the process would not end by itself.
  process.stdout.write(memory, () => process.exit(0));
})();
