import { REQUEST_LIMITS as FUNCTION_LIMITS } from '../../handler/adapters/client-settings';
import { REQUEST_LIMITS as CLI_LIMITS } from '../../src/cli/clients';

test('no time limit of a client elapses in tests', () => {
  const { LIMITS } = require('./request-limits.cjs');
  expect(LIMITS).toEqual([...Object.values(FUNCTION_LIMITS), ...Object.values(CLI_LIMITS)]);
});
