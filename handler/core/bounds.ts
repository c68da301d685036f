/**
 * The most of everything external that is kept. A number is AWS's own where AWS documents one, and well above any real use where it does
 * not. Lengths are in characters unless stated otherwise.
 */
export const BOUNDS = {
  /** DataZone's ids: `[a-zA-Z0-9_-]{1,36}`. https://docs.aws.amazon.com/datazone/latest/APIReference/API_GetSubscription.html */
  id: 36,
  /** DataZone's `Revision`. https://docs.aws.amazon.com/datazone/latest/APIReference/API_SubscribedListing.html */
  revision: 64,
  /** Names of listings, projects, forms, asset types, users and providers. DataZone's longest are `TypeName` and `AssetName`: 256. */
  name: 256,
  /** `requestReason` and `decisionComment`. https://docs.aws.amazon.com/datazone/latest/APIReference/API_GetSubscriptionRequestDetails.html */
  comment: 4096,
  /** `PaginationToken`. https://docs.aws.amazon.com/datazone/latest/APIReference/API_ListSubscriptions.html */
  pageToken: 8192,
  /** A published S3 ARN. An S3 key has at most 1,024 bytes: nothing longer than this names a location. */
  locationArn: 2048,
  /** IAM's `arnType`. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
  principalArn: 2048,
  /** Path of an IAM role or user, with its slashes. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  principalPath: 512,
  /** Name of an IAM role or user. Same source. */
  principalName: 64,
  /** Text in a principal's place that cannot be an ARN: enough to recognize it by. */
  strangePrincipal: 300,
  /** `content` of a form. https://docs.aws.amazon.com/datazone/latest/APIReference/API_FormInput.html */
  formContent: 300_000,
  /** Forms of an asset. GetAsset returns at most 10 writable and 10 read-only ones. */
  formsPerAsset: 20,
  /** A listing's forms as one JSON text: every form at its longest. */
  formsJson: 6_000_000,
  /** Assets of a data product that can be granted. DataZone documents no limit. */
  assetsPerProduct: 100,
  /** Assets of a subscription grant. DataZone documents no limit. */
  assetsPerGrant: 1000,
  /** Environments of a project: a domain has at most 500. https://docs.aws.amazon.com/datazone/latest/userguide/datazone-limits.html */
  environmentsPerProject: 500,
  /** Subscription targets of an environment. DataZone documents no limit. */
  targetsPerEnvironment: 200,
  /** Asset types of a subscription target. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-datazone-subscriptiontarget.html */
  assetTypesPerTarget: 256,
  /** Principals of a subscription target. DataZone accepts 20. https://docs.aws.amazon.com/datazone/latest/APIReference/API_CreateSubscriptionTarget.html */
  principalsPerTarget: 100,
  /** Pages of a list. A page holds 50 items: a list of more than 10,000 is not read in one invocation. */
  pagesPerList: 200,
  /** A bucket policy as S3 returns it. S3 accepts 20 KB; a policy may be returned with more white space. Bytes. */
  policyText: 65_536,
  /** Name and message of an AWS error. */
  awsMessage: 300,
  /** S3's `Detail` of a refused policy, which quotes the principal that it does not know. */
  awsDetail: 4096,
} as const;

/** Returns the text, or its beginning and an ellipsis if it is longer than `length`. Never ends in half a surrogate pair. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
