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
    find: 'access: { bucket: work.bucket, owningProject },',
    replace: 'access: { bucket: work.bucket, owningProject: NO_PROJECT },',
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
    breaks: 'no failure of AWS fails a batch or returns its messages',
    file: 'handler/subscription/decide.ts',
    find: '    return held(lead, { waiting: waiting(error.code, error.message), context });\n  }\n};',
    replace: '    throw error;\n  }\n};',
    tests: [handler('apply'), handler('sweep')],
  },
  {
    breaks: 'what the ledger cannot take down comes again',
    file: 'handler/invocation.ts',
    find: 'for (const id of messageIds) returned.add(id);',
    replace: '',
    tests: [handler('sweep')],
  },
  {
    breaks: "a request counts only with the operator role's SenderId",
    file: 'handler/messages.ts',
    find: 'if (sender === undefined || settings.operatorRoleId === undefined || roleId !== settings.operatorRoleId)',
    replace: 'if (sender !== undefined && roleId !== settings.operatorRoleId)',
    tests: [handler('messages')],
  },
  {
    breaks: "events of other domains are nobody's business",
    file: 'handler/messages.ts',
    find: 'if (event.detail.metadata.domain !== settings.domainId)',
    replace: 'if (event.detail.metadata.domain === undefined)',
    tests: [handler('messages')],
  },
];
