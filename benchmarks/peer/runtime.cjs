// A Lambda runtime in little: loads the handler named on the command line, says so, and runs it for every event on standard input. With
// `clock` on the command line its clock runs ahead by as many milliseconds as a line with `passes` says, beside its own time.
const { createInterface } = require('node:readline');

let ahead = 0;
if (process.argv[3] === 'clock') {
  const now = Date.now;
  globalThis.Date = new Proxy(Date, {
    construct: (date, given, made) => Reflect.construct(date, given.length === 0 ? [now() + ahead] : given, made),
    get: (date, name, receiver) => (name === 'now' ? () => now() + ahead : Reflect.get(date, name, receiver)),
  });
}

const { handler } = require(process.argv[2]);
process.stdout.write('loaded\n');
const context = { awsRequestId: 'request', functionName: 'function', getRemainingTimeInMillis: () => 60_000 };
(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const event = JSON.parse(line);
    if (event.passes !== undefined) ahead += event.passes;
    else await handler(event, context);
    process.stdout.write('done\n');
  }
  const memory = `memory ${Math.ceil(process.resourceUsage().maxRSS / 1024)}\n`;
  // Connections are kept alive and would keep the process so.
  process.stdout.write(memory, () => process.exit(0));
})();
