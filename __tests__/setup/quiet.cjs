const { appendFileSync } = require('node:fs');
const { join } = require('node:path');

// The SDK tries once: a test that shows its retries says so itself.
process.env.AWS_MAX_ATTEMPTS ??= '1';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// What the function prints is not shown, but kept for whoever looks through the whole suite's output afterwards.
const folder = process.env.TEST_BUNDLE;
process.env.POWERTOOLS_LOG_LEVEL ??= folder === undefined ? 'SILENT' : 'DEBUG';
process.env.POWERTOOLS_METRICS_DISABLED ??= folder === undefined ? 'true' : 'false';

const KEPT = Symbol.for('the output of the function is kept');
const isOfTheFunction = (text) => text.startsWith('{') && (text.includes('"_aws"') || text.includes('"level"'));

if (folder !== undefined && !process.stdout[KEPT]) {
  process.stdout[KEPT] = true;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (chunk, ...rest) => {
      if (typeof chunk !== 'string' || !isOfTheFunction(chunk)) return write(chunk, ...rest);
      appendFileSync(join(folder, `output-${process.pid}.jsonl`), chunk);
      return true;
    };
  }
}
