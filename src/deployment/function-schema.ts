import { LOG_RETENTION_DAYS } from '../../modules/domain-account/log-retention';
import { AWS_PROVIDER, RUNTIMES } from '../../modules/versions';
import { bucketName, regionalArn } from './common-fields';
import { flag, group, list, text, whole, word } from './fields';

/** A runtime that some provider admitted does not know would fail on somebody's plan, not here. */
const runtime = word(RUNTIMES, `every AWS provider admitted, ${AWS_PROVIDER.version}, knows these`);

const vpc = group(
  {
    subnets: list(text(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet, such as subnet-0a1b2c3d4e5f60718'), 'the ids of subnets'),
    securityGroups: list(
      text(/^sg-[0-9a-f]{8,17}$/, 'the id of a security group, such as sg-0a1b2c3d4e5f60718'),
      'the ids of security groups',
    ),
  },
  '{ subnets: […], securityGroups: […] }',
);

const handler = group(
  {
    bucket: bucketName,
    key: text(/^(?!.*[$%]\{).{1,1024}$/, 'the key of the zip, such as fulfillment/handler.zip'),
    version: text(/^[\w.-]{1,1024}$/, 'the version of the object: without it a change of the zip is not seen').optional(),
    sha256: text(/^[A-Za-z0-9+/]{43}=$/, 'the SHA-256 of the zip in base64, as npm run bundle prints it').optional(),
  },
  '{ bucket: …, key: …, version: … }',
).refine(({ version, sha256 }) => version !== undefined || sha256 !== undefined, {
  error: 'has neither version nor sha256, without which a change of the zip is not seen; write one of them',
});

/** How the function runs. */
export const fulfillmentFunction = group(
  {
    runtime: runtime.default('nodejs22.x'),
    memory: whole({ from: 128, to: 10_240, unit: 'megabytes' }).default(512),
    timeout: whole({ from: 30, to: 900, unit: 'seconds' }).default(60),
    logRetentionDays: whole({ from: 1, to: 3653, unit: 'days' })
      .refine((days) => LOG_RETENTION_DAYS.includes(days), {
        error: ({ input }) => `is ${input}, which CloudWatch does not offer; write one of ${LOG_RETENTION_DAYS.join(', ')} (days)`,
      })
      .default(365),
    tracing: flag('whether X-Ray traces invocations').default(false),
    vpc: vpc.optional(),
    handler: handler.optional(),
    codeSigningConfig: regionalArn('lambda', 'code-signing-config:csc-[a-z0-9]{17}', 'a code-signing configuration').optional(),
  },
  'the settings of the function',
).prefault({});
