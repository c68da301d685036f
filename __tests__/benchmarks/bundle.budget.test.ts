import { bundleBytes } from '../../benchmarks/cold-start/bundle-bytes';

/** Kilobytes of 1,000 bytes. */
const MOST_KILOBYTES = 640;

test('the shipped bundle, with the clients of DataZone, DynamoDB, S3 and STS in it, stays within its budget', () => {
  const { raw, gzip } = bundleBytes(process.env['TEST_BUNDLE'] ?? '');
  expect(raw / 1000).toBeLessThanOrEqual(MOST_KILOBYTES);
  expect(gzip).toBeLessThan(raw / 2);
});
