import { BUDGETS } from '../../benchmarks/budgets';
import { bundleBytes } from '../../benchmarks/cold-start/bundle-bytes';

test('the shipped bundle, including the clients of DataZone, DynamoDB, S3 and STS, stays within its budget', () => {
  const { raw, gzip } = bundleBytes(process.env['TEST_BUNDLE'] ?? '');
  expect(raw).toBeLessThanOrEqual(BUDGETS.bundle);
  expect(gzip).toBeLessThan(raw / 2);
});
