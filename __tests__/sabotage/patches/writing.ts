import { handlerTest as handler, type Patch } from '../patch';

/** Breakages of what is written, and of how it is proved. */
export const WRITING: readonly Patch[] = [
  {
    breaks: 'a write is proved by reading it back',
    file: 'handler/fulfillment/verify-policy.ts',
    find: '  let agreeing = 0;\n',
    replace: '  if (access !== undefined) return;\n  let agreeing = 0;\n',
    tests: [handler('read-back')],
  },
  {
    breaks: 'one lucky read proves nothing',
    file: 'handler/fulfillment/verify-policy.ts',
    find: 'const AGREEING_READS = 2;',
    replace: 'const AGREEING_READS = 1;',
    tests: [handler('read-back')],
  },
  {
    breaks: 'only NoSuchBucketPolicy means that there is no policy',
    file: 'handler/adapters/s3-bucket-policies.ts',
    find: "if (awsError(error).name === 'NoSuchBucketPolicy') return undefined;",
    replace: "if (awsError(error).name === 'NoSuchBucketPolicy' || isDenied(awsError(error))) return undefined;",
    tests: [handler('contract/s3-bucket-policies')],
  },
  {
    breaks: 'what was decided is in the ledger before a change is announced',
    file: 'handler/fulfillment/change-policy.ts',
    find: '    await change.work.recorded;\n',
    replace: '',
    tests: [handler('read-back')],
  },
  {
    breaks: 'grants are in the ledger before the policy is written',
    file: 'handler/fulfillment/change-policy.ts',
    find: 'progress.saved.then(() => false)]);',
    replace: 'Promise.resolve(false)]);',
    tests: [handler('read-back')],
  },
  {
    breaks: 'a change is announced before it is written, and a writer who comes too late plans anew',
    file: 'handler/fulfillment/change-policy.ts',
    find: 'if (announced !== true) {',
    replace: 'if (announced === undefined) {',
    tests: [handler('apply')],
  },
  {
    breaks: 'policies are compared by what they mean',
    file: 'handler/core/policy-equality.ts',
    find: 'const left = one.map(meaningOf).sort();\n  const right = other.map(meaningOf).sort();',
    replace:
      'const [left, right] = [one, other].map((statements) => statements.map((statement) => JSON.stringify(statement))) as [string[], string[]];',
    tests: [handler('core/policy-equality')],
  },
  {
    breaks: 'a write is skipped only if the ledger agrees as well: reads may be stale',
    file: 'handler/core/policy-plan.ts',
    find: 'replaces || question.head?.intended !== undefined || !sameStatements(question.head?.written ?? [], statements) || !readsAsWanted;',
    replace: 'replaces || !readsAsWanted;',
    tests: [handler('core/policy-plan')],
  },
  {
    breaks: "the waiting of other batches stay out of a bucket's policy",
    file: 'handler/core/policy-plan.ts',
    find: 'accessesOf(grant, isLive).filter(stays)',
    replace: "accessesOf(grant, (entry) => isLive(entry) || entry.state === 'waiting').filter(stays)",
    tests: [handler('core/policy-plan'), handler('core/policy-plan.property')],
  },
  {
    breaks: 'statements of others stay',
    file: 'handler/core/policy-plan.ts',
    find: 'withStatements(document, [...foreign, ...statements])',
    replace: 'withStatements(document, statements)',
    tests: [handler('fulfill')],
  },
  {
    breaks: "a document keeps its owner's Version",
    file: 'handler/core/policy-document.ts',
    find: '{ ...(document ?? NEW_POLICY), Statement: statements }',
    replace: '{ ...document, ...NEW_POLICY, Statement: statements }',
    tests: [handler('core/policy-document'), handler('core/policy-plan')],
  },
  {
    breaks: 'deleted principals leave the policy before it is written',
    file: 'handler/core/policy-plan.ts',
    find: 'counts(grant).filter((access) => !dead.has(access.principal))',
    replace: 'counts(grant)',
    tests: [handler('core/policy-plan'), handler('unknown-principals')],
  },
  {
    breaks: 'a grant is admitted only if any one other can still be revoked',
    file: 'handler/core/capacity.ts',
    find: 'return grants.toReversed().every(',
    replace: 'return true || grants.every(',
    tests: [handler('core/policy-room')],
  },
];
