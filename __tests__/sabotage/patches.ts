/** One promise broken on purpose: in `file` the text `find`, which occurs once, becomes `replace`; one of `tests` must fail. */
export type Patch = {
  readonly breaks: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
};

const handler = (path: string): string => `__tests__/handler/${path}.test.ts`;

/** Breakages of what is written, and of how it is proved. */
const WRITING: readonly Patch[] = [
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
    find: '  return grants.every((accesses) =>',
    replace: '  return true || grants.every((accesses) =>',
    tests: [handler('core/policy-room')],
  },
];

/** Breakages of calls to AWS, and of who may do what. */
const CALLS: readonly Patch[] = [
  {
    breaks: "every S3 call names the bucket's owner",
    file: 'handler/adapters/s3-bucket-policies.ts',
    find: '({ Bucket: bucket.name, ExpectedBucketOwner: bucket.account })',
    replace: '({ Bucket: bucket.name })',
    tests: [handler('contract/s3-bucket-policies')],
  },
  {
    breaks: 'a PUT is never retried blindly',
    file: 'handler/adapters/s3-bucket-policies.ts',
    find: 'writes: new S3Client({ ...settings, maxAttempts: 1 })',
    replace: 'writes: new S3Client(settings)',
    tests: [handler('contract/s3-bucket-policies')],
  },
  {
    breaks: "a project's grant is written under its own session",
    file: 'handler/fulfillment/apply-bucket.ts',
    find: 'access: { bucket: work.bucket, owningProject },',
    replace: 'access: { bucket: work.bucket, owningProject: NO_PROJECT },',
    tests: [handler('apply')],
  },
  {
    breaks: 'the editor session carries the owning project',
    file: 'handler/adapters/editor-sessions.ts',
    find: 'Value: owningProject }',
    replace: "Value: '-' }",
    tests: [handler('contract/s3-bucket-policies')],
  },
  {
    breaks: 'no failure of AWS fails a batch or returns its messages',
    file: 'handler/fulfillment/look.ts',
    find: '    return held(lead, { waiting: waiting(error.code, error.message), context });\n  }\n};',
    replace: '    throw error;\n  }\n};',
    tests: [handler('apply'), handler('sweep')],
  },
  {
    breaks: 'what the ledger cannot take down comes again',
    file: 'handler/fulfillment/invocation.ts',
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

/** Breakages of what is decided. */
const DECIDING: readonly Patch[] = [
  {
    breaks: 'listing needs the slash: a neighbour whose name begins alike is not shown',
    file: 'handler/core/location.ts',
    find: "(location.shape === 'name' ? `${location.path}/*` : `${location.path}*`)",
    replace: "(location.shape === 'name' ? `${location.path}*` : `${location.path.replace(/\\/$/, '')}*`)",
    tests: [handler('core/location')],
  },
  {
    breaks: 'a published wildcard is refused',
    file: 'handler/core/location.ts',
    find: 'if (/[*?]|\\$\\{/.test(resource))',
    replace: "if (resource === '*')",
    tests: [handler('core/location')],
  },
  {
    breaks: "principals are of the environment's account or a listed one",
    file: 'handler/core/principal.ts',
    find: 'if (!rules.accounts.includes(account))',
    replace: 'if (rules.accounts.length < 0)',
    tests: [handler('core/principal')],
  },
  {
    breaks: 'only an owning project publishes a prefix',
    file: 'handler/core/registry.ts',
    find: '  prefix.owningProjects.includes(ANY_PROJECT) || prefix.owningProjects.includes(project);',
    replace: '  prefix.owningProjects.includes(ANY_PROJECT) || project.length > 0;',
    tests: [handler('core/registry')],
  },
  {
    breaks: "a place above somebody else's is refused",
    file: 'handler/core/registry.ts',
    find: '[deepest, ...places.filter(({ place }) => contains(location, place))]',
    replace: '[deepest]',
    tests: [handler('core/registry')],
  },
  {
    breaks: 'nothing is revoked because a list does not show it',
    file: 'handler/core/grant-plan.ts',
    find: '  if (unread.length > 0 || before.targets.length === 0) return { ...before, targets: unread };\n',
    replace: '',
    tests: [handler('core/grant-plan'), handler('reconcile')],
  },
  {
    breaks: 'one look that misses a target is no evidence',
    file: 'handler/core/record-plan.ts',
    find: 'now.getTime() - Date.parse(since) >= MISSING_FOR',
    replace: 'now.getTime() - Date.parse(since) >= 0',
    tests: [handler('core/record-plan'), handler('reconcile')],
  },
  {
    breaks: 'an owner may let the consumer keep access',
    file: 'handler/core/decision.ts',
    find: "ended: subscription.status === 'REVOKED' && subscription.retainPermissions ? 'retained' : 'revoked'",
    replace: "ended: 'revoked'",
    tests: [handler('fulfill')],
  },
  {
    breaks: 'a place is never followed when it changes after its approval',
    file: 'handler/core/decision.ts',
    find: '(changed === undefined ? assets : recorded).map((asset) => place(asset, { changed, rules }))',
    replace: 'assets.map((asset) => place(asset, { changed: undefined, rules }))',
    tests: [handler('resolve')],
  },
  {
    breaks: 'what was revoked never comes back',
    file: 'handler/core/decision.ts',
    find: "  if (record?.ended !== undefined) return { kind: 'end', ended: record.ended };\n",
    replace: '',
    tests: [handler('core/decision')],
  },
  {
    breaks: 'what DataZone does not know is kept, and told apart',
    file: 'handler/fulfillment/look.ts',
    find: 'planOrphaned(before, { now })',
    replace: "planEnded(before, { ended: 'revoked', now })",
    tests: [handler('reconcile')],
  },
  {
    breaks: 'nothing is reported of what is not settled',
    file: 'handler/core/reported-status.ts',
    find: "if (states.has('waiting') || states.has('revoking'))",
    replace: "if (states.has('revoking'))",
    tests: [handler('core/reported-status'), handler('report-status')],
  },
  {
    breaks: 'a reconcile takes away no more than its cap',
    file: 'handler/fulfillment/reconcile-leads.ts',
    find: 'const heldBack = taken > removals;',
    replace: 'const heldBack = taken > Number.POSITIVE_INFINITY;',
    tests: [handler('reconcile')],
  },
  {
    breaks: 'a contended bucket is left alone',
    file: 'handler/core/policy-plan.ts',
    find: '(frozen === true || head.frozen === true || head.contended === true)',
    replace: '(frozen === true || head.frozen === true)',
    tests: [handler('reconcile')],
  },
  {
    breaks: 'a read that disagrees right after a write is stale, not an edit',
    file: 'handler/core/drift.ts',
    find: 'export const STALE_FOR_MS = 60_000;',
    replace: 'export const STALE_FOR_MS = 0;',
    tests: [handler('core/drift')],
  },
];

/** Every breakage; whoever survives shows a promise that no test holds. */
export const PATCHES: readonly Patch[] = [...WRITING, ...CALLS, ...DECIDING];
