import type { Assumption } from './assumption';

/** Everything that only live AWS can prove; `docs/unverified.md` is made of it. */
export const assumptions = [
  {
    id: 'grants-by-themselves',
    assumed: 'DataZone makes a grant, and sends its events, for an S3 asset on a subscription target that is not its own.',
    matters:
      'The function follows subscription events and grant events alike. Without grants there is no status for consumers to see; `missingGrants: create` makes them.',
    observe: 'Approve a subscription with such a target, then call ListSubscriptionGrants with its environment.',
    setting: { name: 'grants', assumed: 'automatic', otherwise: 'none' },
  },
  {
    id: 'subscription-event-id',
    assumed: "`metadata.id` of a subscription event is the subscription's id.",
    matters: 'It is the first way from an event to its subscription. Otherwise the request id leads there, or listing and project.',
    observe: 'Compare `detail.metadata.id` of a `Subscription Created` event with ListSubscriptions.',
    setting: { name: 'eventId', assumed: 'subscription', otherwise: 'opaque' },
  },
  {
    id: 'subscription-forms',
    assumed: 'GetSubscription shows the forms of the listing revision that was approved.',
    matters:
      'The location first resolved is kept, and a later difference refused; with the latest forms, an asset re-published in the seconds between approval and event is resolved to its new place.',
    observe: 'Publish an asset again with another `bucketArn` after an approval, then call GetSubscription.',
    setting: { name: 'subscriptionForms', assumed: 'approved', otherwise: 'latest' },
  },
  {
    id: 'domain-as-resource',
    assumed: 'DataZone evaluates its actions on the ARN of the domain.',
    matters:
      'The Service Authorization Reference gives most actions no resource type. If only `*` matches, the function is denied everything until `domain.authorization` says so.',
    observe: 'Deploy, approve a subscription, and look for AccessDenied of `datazone:GetSubscription` in the log.',
    setting: { name: 'domainResource', assumed: 'arn', otherwise: 'any' },
  },
  {
    id: 'resource-account-of-assume-role',
    assumed: '`aws:ResourceAccount` is known when sts:AssumeRole and sts:TagSession are evaluated.',
    matters:
      "The function's right to take on editor roles is narrowed by it. If it is absent nothing is granted, and every subscription waits with `editor-role-unreachable`.",
    observe: 'Approve a subscription in a fresh deployment.',
    setting: { name: 'assumeRoleResourceAccount', assumed: 'known', otherwise: 'absent' },
  },
  {
    id: 'unknown-principal-named',
    assumed: 'S3 names the unknown principal of a refused bucket policy in the `Detail` of its error, one at a time.',
    matters: 'A named suspect is left out at once. Unnamed ones are tried one at a time, which takes more writes.',
    observe: 'Put a bucket policy that names two roles which do not exist.',
    setting: { name: 'unknownPrincipal', assumed: 'named', otherwise: 'unnamed' },
  },
  {
    id: 'policy-size',
    assumed: 'The 20,480 bytes of a bucket policy are counted without white space.',
    matters:
      'We write compact JSON, and so lose nothing. Counted as sent, a policy that its owner wrote with white space would be longer than S3 lets him write.',
    observe: 'Put a policy that is over 20,480 bytes with its white space, and under it without.',
    setting: { name: 'policySize', assumed: 'compact', otherwise: 'as-sent' },
  },
  {
    id: 'policy-too-long-error',
    assumed: 'A bucket policy that is too long is answered MalformedPolicy, with a message that speaks of its size.',
    matters:
      'The function computes the size itself. If S3 counts otherwise, its answer is taken for an unknown principal or a failed write: nothing is reported, the work stays due.',
    observe: 'Put a policy of 20,481 bytes.',
    setting: { name: 'tooLong', assumed: 'MalformedPolicy', otherwise: 'PolicyTooLarge' },
  },
  {
    id: 'overlapping-policy-writes',
    assumed: 'A PutBucketPolicy that meets another one under way on its bucket is answered 409 OperationAborted.',
    matters: 'Both may also succeed and the last one win. The head in the ledger keeps our own writers apart; nothing relies on the 409.',
    observe: 'Put two policies at once, a few hundred times, and count the answers.',
    setting: { name: 'overlappingWrites', assumed: 'aborted', otherwise: 'last-wins' },
  },
  {
    id: 'restrict-public-buckets',
    assumed:
      'With RestrictPublicBuckets, one public statement in a policy shuts out every other account, also those that further statements name.',
    matters: 'Consumers in other accounts get 403 although the grant is there and verified. The function reads policies, not their effect.',
    observe: 'Add a public statement to a bucket with RestrictPublicBuckets, and read with a role of another account.',
    setting: { name: 'restrictPublicBuckets', assumed: 'shuts-out', otherwise: 'ignored' },
  },
  {
    id: 'self-lockout',
    assumed:
      'S3 refuses a bucket policy that takes PutBucketPolicy from its writer unless `ConfirmRemoveSelfBucketAccess` says that this is meant.',
    matters:
      "We never send it. Where an owner's statement denies our editor role, our writes are refused before S3 looks at the new policy.",
    observe: 'Put a policy that denies its writer s3:PutBucketPolicy.',
    setting: { name: 'selfLockout', assumed: 'refused', otherwise: 'accepted' },
  },
  {
    id: 'missing-key-needs-plain-list',
    assumed: 'A missing key is a 404 only to those who may list the bucket without a prefix.',
    matters: 'It is documented so for readers. Otherwise they see 404 inside a prefix they may list.',
    observe: 'With a grant on a folder, get a key in it that does not exist.',
    setting: { name: 'missingKey', assumed: 'plain-list', otherwise: 'prefixed-list' },
  },
  {
    id: 'deleted-things-not-found',
    assumed: 'For an environment or a subscription target that was deleted, DataZone answers ResourceNotFound, not AccessDenied.',
    matters:
      'Not found, twice and an hour apart, ends what was granted through it. A denial takes nothing away: the access stays, and is reported as waiting for membership.',
    observe: 'Delete an environment that had a target, then call GetSubscriptionTarget.',
    setting: { name: 'deleted', assumed: 'not-found', otherwise: 'denied' },
  },
  {
    id: 'list-prefix-is-text',
    assumed: 'ListObjectsV2 with the prefix `public` lists the keys of `public-secret/` too.',
    matters: 'So listing is granted with the slash only. If it were otherwise, we would be stricter than needed.',
    observe: 'List a bucket with both folders, with the prefix `public`.',
  },
  {
    id: 'subscription-status-lags',
    assumed: 'GetSubscription may show the status from before an event for some seconds after it.',
    matters: 'A Revoked event that meets APPROVED is looked at again. If it never happens, nothing is lost.',
    observe: 'Call GetSubscription from a function on the rule, and compare with the event.',
  },
  {
    id: 'retained-when-revoked',
    assumed: '`retainPermissions` is in GetSubscription by the time it shows REVOKED.',
    matters: 'Where it comes later, access that the owner chose to leave is taken away.',
    observe: 'Revoke with `retainPermissions`, and poll GetSubscription.',
  },
  {
    id: 'grant-status-direct',
    assumed: 'UpdateSubscriptionGrantStatus takes GRANTED of a grant that is GRANT_PENDING, and REVOKED of one that is REVOKE_PENDING.',
    matters: 'If an intermediate status is wanted first, the report fails and stays due, while the access is right.',
    observe: 'Approve a subscription, and look at the status of its grant.',
  },
  {
    id: 'role-known-late',
    assumed: 'A role is unknown to bucket policies for up to a minute after it was created.',
    matters: 'An unknown principal waits and is tried again for as long as it takes.',
    observe: 'Create a role and put a policy that names it, each second.',
  },
  {
    id: 'upgrade-keeps-ids',
    assumed: 'A domain that is upgraded from V1 to V2 keeps its id and those of its projects, environments, targets and subscriptions.',
    matters: 'Otherwise every subscription is orphaned: kept, and alarmed.',
    observe: 'List subscriptions before and after an upgrade.',
  },
  {
    id: 'native-fulfilment-keeps-to-its-target',
    assumed: "In a V2 domain DataZone's own fulfilment through S3 Access Grants works on its own target only.",
    matters: 'Ours works on targets of its own provider only. If DataZone took ours too, it would report a status beside ours.',
    observe: 'Approve a subscription in a V2 project with both targets, and list its grants.',
  },
  {
    id: 'sender-id',
    assumed: "`SenderId` of a message that a role sent is the role's unique id, a colon and the session's name.",
    matters:
      "An operator's request counts only if the part before the colon is the operator role's id. Otherwise every request is refused.",
    observe: "Send a request with the operator role, and look at the record's attributes.",
  },
  {
    id: 'dead-letter-move-passes-the-deny',
    assumed:
      'SQS moves a message to its dead-letter queue although the policy of that queue denies sqs:SendMessage to every principal that is not an AWS service.',
    matters:
      'Otherwise a message that was received five times stays in the queue, and those behind it wait until its retention ends. AWS documents no permission for the move.',
    observe: 'Make the function fail five times, for example without rights on the ledger, and count the messages of both queues.',
  },
  {
    id: 'function-named-in-assume-role',
    assumed: "`lambda:SourceFunctionArn` is known when sts:AssumeRole, DataZone, DynamoDB and SQS evaluate calls of the function's code.",
    matters:
      "AWS documents it for every call from the execution environment. Every statement on what the code does requires it: if it is absent, the function's calls are denied.",
    observe: 'Deploy, approve a subscription, and look for AccessDenied in the log.',
  },
  {
    id: 'visibility-proves-receipt',
    assumed:
      'ChangeMessageVisibility succeeds in a FIFO queue only with the receipt handle of the last receive of a message that is in flight.',
    matters:
      "An operator's request is executed only after it. If it fails for a message in flight, every request is refused; if it succeeds otherwise, an old handle is enough to forge one.",
    observe: 'Call it with a handle before and after its timeout, after DeleteMessage, and with one character changed.',
  },
  {
    id: 'writer-cannot-confirm-by-reading',
    assumed: 'Two agreeing reads of a bucket policy mean that every later read agrees, unless somebody writes.',
    matters: 'GRANTED and REVOKED are reported after them; the next sweep looks once more.',
    observe: 'Put a policy and read it every 100 ms for a minute, from several connections.',
  },
] as const satisfies readonly Assumption[];
