import { handlerTest as handler, type Patch } from '../patch';

/** Breakages of calls to AWS, and of who may do what. */
export const CALLS: readonly Patch[] = [
  {
    breaks: "every S3 call names the bucket's owner",
    file: 'handler/adapters/s3-policies.ts',
    find: '({ Bucket: bucket.name, ExpectedBucketOwner: bucket.account })',
    replace: '({ Bucket: bucket.name })',
    tests: [handler('contract/s3-bucket-policies')],
  },
  {
    breaks: 'a PUT is never retried blindly',
    file: 'handler/adapters/s3-policies.ts',
    find: 'writes: new S3Client({ ...settings, maxAttempts: 1 })',
    replace: 'writes: new S3Client(settings)',
    tests: [handler('contract/s3-bucket-policies')],
  },
  {
    breaks: "a project's grant is written under its own session",
    file: 'handler/policy-change/bucket.ts',
    find: 'access: { bucket, owningProject }, candidates',
    replace: 'access: { bucket, owningProject: NO_PROJECT }, candidates',
    tests: [handler('apply')],
  },
  {
    breaks: 'the editor session carries the owning project',
    file: 'handler/adapters/sessions.ts',
    find: 'Value: owningProject }',
    replace: "Value: '-' }",
    tests: [handler('contract/s3-bucket-policies')],
  },
  {
    breaks: 'a subscription waits with a reason when DataZone does not answer',
    file: 'handler/subscription/decide.ts',
    find: 'if (!(error instanceof TransientFailure)) throw error;',
    replace: 'throw error;',
    tests: [handler('resolve')],
  },
  {
    breaks: 'what the ledger cannot record comes again',
    file: 'handler/fulfill.ts',
    find: ' else if (result.returned) returned.push(...reference.messageIds);',
    replace: '',
    tests: [handler('ledger-unavailable')],
  },
  {
    breaks: "a request counts only with the operator role's SenderId",
    file: 'handler/messages.ts',
    find: 'settings.operatorRoleId === undefined || roleId !== settings.operatorRoleId)',
    replace: 'settings.operatorRoleId === undefined)',
    tests: [handler('messages')],
  },
  {
    breaks: "events of other domains are nobody's business",
    file: 'handler/messages.ts',
    find: 'if (event.detail.metadata.domain !== settings.domainId)',
    replace: 'if (event.detail.metadata.domain === undefined)',
    tests: [handler('messages')],
  },
  {
    breaks: 'only a table that does not answer returns messages to the queue',
    file: 'handler/adapters/ledger/table.ts',
    find: 'if (REFUSALS.includes(name))',
    replace: 'if (REFUSALS.includes(`${name}!`))',
    tests: [handler('contract/ledger-table')],
  },
  {
    breaks: 'an unexpected exception is recorded for its unit',
    file: 'handler/failure.ts',
    find: "if (error instanceof LedgerUnavailable) return { kind: 'return' };",
    replace: "if (error instanceof LedgerUnavailable || error instanceof TypeError) return { kind: 'return' };",
    tests: [handler('failure-table')],
  },
];
