/** One price: dollars for so many units. */
export type Price = { readonly what: string; readonly dollars: number; readonly per: number; readonly source: string };

/** When the sources below were read. */
export const PRICES_OF = '2026-11-26';
/** Where prices are lowest and most often quoted; Ireland's differ by some per cent. Free tiers are not taken off. */
export const PRICES_IN = 'us-east-1';

export const PRICES = {
  lambdaRequest: { what: 'Lambda request', dollars: 0.2, per: 1e6, source: 'https://cloudchipr.com/blog/aws-lambda-pricing' },
  lambdaGigabyteSecond: {
    what: 'Lambda GB-second, arm64',
    dollars: 0.0000133334,
    per: 1,
    source: 'https://cloudchipr.com/blog/aws-lambda-pricing',
  },
  sqsRequest: { what: 'SQS FIFO request', dollars: 0.5, per: 1e6, source: 'https://cloudburn.io/blog/amazon-sqs-pricing' },
  schedule: { what: 'Scheduler invocation', dollars: 1, per: 1e6, source: 'https://cloudburn.io/blog/amazon-eventbridge-pricing' },
  dynamoRead: {
    what: 'DynamoDB read unit, on demand',
    dollars: 0.125,
    per: 1e6,
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  dynamoWrite: {
    what: 'DynamoDB write unit, on demand',
    dollars: 0.625,
    per: 1e6,
    source: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing',
  },
  s3Read: { what: 'S3 GET request', dollars: 0.0004, per: 1000, source: 'https://c3x.dev/blog/s3-request-fees-explained' },
  s3Write: { what: 'S3 PUT request', dollars: 0.005, per: 1000, source: 'https://c3x.dev/blog/s3-request-fees-explained' },
  metric: { what: 'CloudWatch custom metric, a month', dollars: 0.3, per: 1, source: 'https://signoz.io/guides/cloudwatch-pricing' },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;
