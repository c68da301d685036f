import { text } from './fields';

/** An account. */
export const account = text(/^\d{12}$/, 'the 12 digits of an account in quotes, such as "111111111111"', 12);

/** A Region. */
export const region = text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region, such as eu-west-1');

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME =
  /^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** A bucket's name. */
export const bucketName = text(
  BUCKET_NAME,
  'the name of a general purpose bucket: 3 to 63 lower-case letters, digits, dots and hyphens, no ARN and no reserved prefix or suffix',
);

/** A role's name, with its path where it has one. `null`: the caller's own credentials. */
export const deployRole = text(
  /^(?!\/)[\w+=,.@/-]{0,447}[\w+=,.@-]{1,64}$/,
  'the name of a role without its ARN, such as Deploy, or leave the value empty for your own credentials',
).nullable();

/** The ARN of something in an account and Region; the resource is a pattern, and `what` says what it names. */
export const regionalArn = (service: string, resource: string, what: string) =>
  text(
    new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${resource}$`),
    `the ARN of ${what}, such as arn:aws:${service}:eu-west-1:111111111111:…`,
  );

/** Roles or users by ARN, whose path and name may hold `*`: single sign-on puts random text into names. */
export const principalPattern = text(
  /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/*-]{1,512}$/,
  'the ARN of a role or user, whose path and name may hold *, such as arn:aws:iam::111111111111:role/DataPlatform',
);
