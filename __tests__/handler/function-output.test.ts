import { untold } from '../setup/function-output';

const line = (message: string) => JSON.stringify({ level: 'INFO', service: 'acme', message });

describe('the scanner of what the function prints', () => {
  it.each([
    ['a policy', '{"Version":"2012-10-17","Statement":[]}'],
    ['part of a policy', '"Principal":{"AWS":"arn:aws:iam::1:role/r"}'],
    ['the content of a form', '{"bucketArn":"arn:aws:s3:::acme-raw/runs/"}'],
    ['a reason', 'untold: a trial that is not announced'],
    ['an access key', 'ASIAX5MPL123456789AB'],
    ['a session token', 'token-of-ASIAX'],
  ])('finds %s', (_, text) => {
    expect(untold(line(text))).not.toEqual([]);
  });

  it('finds a metric with a dimension of its own', () => {
    const metric = (dimensions: string) => `{"_aws":{"CloudWatchMetrics":[{"Namespace":"n","Dimensions":[[${dimensions}]]}]}}`;
    expect(untold(metric('"service","bucket"'))).not.toEqual([]);
    expect(untold(metric('"service"'))).toEqual([]);
  });

  it('lets pass what operators need', () => {
    expect(
      untold(line("subscription 's1' is waiting: the Lambda role may not assume 'arn:aws:iam::222222222222:role/acme-policy-editor'")),
    ).toEqual([]);
  });
});
