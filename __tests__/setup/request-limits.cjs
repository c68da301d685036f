// In tests, a request of an AWS client never runs out of time by itself: whether a test passes must not depend on how fast the machine
// is. Jest loads this file before each test file, and processes that tests start load it with `--require`.

/** Time limits that the function and the command line give their AWS clients, in milliseconds. */
const LIMITS = [1_000, 5_000, 3_000, 20_000];

const { setTimeout: start } = globalThis;
globalThis.setTimeout = Object.assign(
  (callback, milliseconds, ...given) => (LIMITS.includes(milliseconds) ? {} : start(callback, milliseconds, ...given)),
  start,
);

module.exports = { LIMITS };
