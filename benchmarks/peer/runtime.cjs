// A Lambda runtime in little: loads the handler named on the command line, says so, and runs it for every event on standard input.
const { createInterface } = require('node:readline');

const { handler } = require(process.argv[2]);
process.stdout.write('loaded\n');
const context = { awsRequestId: 'request', functionName: 'function', getRemainingTimeInMillis: () => 60_000 };
(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    await handler(JSON.parse(line), context);
    process.stdout.write('done\n');
  }
  const memory = `memory ${Math.ceil(process.resourceUsage().maxRSS / 1024)}\n`;
  // Connections are kept alive and would keep the process so.
  process.stdout.write(memory, () => process.exit(0));
})();
