import { type Access, accessesOf, type Grant, grantKey, isLive } from '../grant/grant';
import { readResources } from '../grant/location';
import { type Refusal, refused, type Waiting, waiting } from '../outcome';
import { admit, suspend, type Unit } from './capacity';
import { classifyDrift, type Drift, deadPrincipals } from './drift';
import type { Head } from './head';
import { compileStatements } from './policy-compiler';
import { jsonBytes, LONGEST_POLICY, type PolicyDocument, type Statement, withStatements } from './policy-document';
import { awsPrincipals, sameStatements } from './policy-equality';
import { deploymentOf, type SidNamespace, statementOwners } from './sid-namespace';

export type PolicyQuestion = {
  readonly bucket: string;
  readonly namespace: SidNamespace;
  readonly head: Head | undefined;
  /** Every grant of the bucket, as the ledger holds them and this batch changes them. */
  readonly grants: readonly Grant[];
  /** Keys of the grants whose waiting principals are to be let in now; the waiting of other batches stay out. */
  readonly candidates: ReadonlySet<string>;
  /** Principals that S3 refused in this change: they leave the compile, whether they were live or candidates. */
  readonly unknownPrincipals: ReadonlySet<string>;
  /** Why no candidate may enter, where S3 has refused this change with them. */
  readonly barred?: Refusal | Waiting;
  /** An operator stopped additions and repairs on all buckets. */
  readonly frozen?: boolean;
  /** An operator asked for our statements to be written as they should be, held though the bucket be. */
  readonly restore?: boolean;
  /** Bytes that this change may take, where S3 found fewer than its limit too many: its word counts, not our reckoning. */
  readonly longest?: number;
  readonly document: PolicyDocument | undefined;
  readonly now: Date;
};

export type PolicyPlan = {
  /** Our statements as they are to be. */
  readonly statements: readonly Statement[];
  /** The whole policy as it is to be; `undefined`: nothing would be left, so it is deleted. */
  readonly next: PolicyDocument | undefined;
  readonly foreign: readonly Statement[];
  /** Keys of other deployments with statements here, whom no operator let stand. */
  readonly sharedWith: readonly string[];
  /** Whether anything is to be written. Skipped only if what we want is what we last wrote, nothing is announced, and the read agrees. */
  readonly write: boolean;
  readonly bytes: number;
  readonly drift: Drift;
  /** Grants whose candidates are not let in, and why. */
  readonly left: ReadonlyMap<string, Refusal | Waiting>;
  /** Live grants taken out so that a revocation fits. */
  readonly suspended: ReadonlySet<string>;
  /** Live principals of ours that were deleted: S3 would refuse any policy that names them. */
  readonly dead: ReadonlySet<string>;
};

/**
 * Texts by which grants are ordered from the oldest to the newest. What an owner let a consumer keep comes before everything: once
 * suspended, nothing would bring it back.
 */
const seniority = (grant: Grant): string => {
  const entries = Object.values(grant.principals);
  const isRetained = entries.some((entry) => entry.state === 'retained');
  const [oldest] = entries.map((entry) => entry.since).sort();
  return `${isRetained ? 0 : 1} ${oldest} ${grantKey(grant)}`;
};

/** Why no candidate may enter this bucket now, if so. */
const barrier = (question: PolicyQuestion, otherDeployments: readonly string[]): Refusal | Waiting | undefined => {
  if (otherDeployments.length > 0)
    return refused(
      'bucket-shared',
      `bucket '${question.bucket}' already carries statements of another deployment of this product (${otherDeployments.join(', ')}); a bucket has one writer: un-register it there, or hand it over`,
    );
  if (question.frozen || question.head?.frozen)
    return waiting('frozen', `bucket '${question.bucket}' is frozen by an operator; unfreeze it to let new grants in`);
  if (question.head?.contended)
    return waiting(
      'contended',
      `somebody keeps removing our statements from the policy of bucket '${question.bucket}'; settle with its owner, then unfreeze it`,
    );
  return undefined;
};

/** The bucket's head, if additions and repairs are stopped. */
const heldHead = ({ head, frozen, restore }: PolicyQuestion): Head | undefined =>
  restore !== true && (frozen === true || head?.frozen === true || head?.contended === true) ? head : undefined;

/** Whose statements they are, as an operator's word on other deployments has it. */
const ownersOf = ({ document, namespace, head }: PolicyQuestion) => {
  const { ours, foreign, otherDeployments } = statementOwners(document, namespace);
  const replaced = new Set<string | undefined>(otherDeployments.filter((key) => head?.adopted?.[key] === 'replace'));
  return {
    ours,
    foreign: foreign.filter((statement) => !replaced.has(deploymentOf(statement))),
    replaces: replaced.size > 0,
    sharedWith: otherDeployments.filter((key) => head?.adopted?.[key] === undefined),
  };
};

const takesAway = ({ grants }: PolicyQuestion): boolean =>
  grants.some((grant) => Object.values(grant.principals).some((entry) => entry.state === 'revoking'));

/**
 * Which live access a policy may hold. A held bucket is written only to take something away, and what somebody took out of its
 * policy meanwhile stays out; unless the read does not show the policy as it is, and our own records of it count as well.
 */
const mayHold = ({
  head,
  isEdited,
  ours,
}: {
  head: Head;
  isEdited: boolean;
  ours: readonly Statement[];
}): ((access: Access) => boolean) => {
  const given = isEdited ? ours : [...ours, ...head.written, ...(head.intended?.statements ?? [])];
  return ({ principal, location }) =>
    given.some((statement) => {
      const resources = [statement['Resource']].flat();
      return awsPrincipals(statement).includes(principal) && readResources(location).every((resource) => resources.includes(resource));
    });
};

/** What a bucket's policy is to be, from the ledger's grants; the policy as read gives only what is not ours. */
export const planPolicy = (question: PolicyQuestion): PolicyPlan => {
  const { namespace, document } = question;
  const { ours, foreign, sharedWith, replaces } = ownersOf(question);
  const written = question.head?.written ?? [];
  const dead = new Set([...deadPrincipals(written, ours), ...question.unknownPrincipals]);
  const ordered = question.grants
    .map((grant) => ({ grant, order: seniority(grant) }))
    .sort((one, other) => (one.order < other.order ? -1 : 1));
  const unitsOf = (counts: (grant: Grant) => Unit['accesses']): readonly Unit[] =>
    ordered
      .map(({ grant }) => ({ key: grantKey(grant), accesses: counts(grant).filter((access) => !dead.has(access.principal)) }))
      .filter((unit) => unit.accesses.length > 0);
  const drift = classifyDrift(question.head, { ours, now: question.now });
  const held = heldHead(question);
  const isEdited = drift.kind === 'wiped' || drift.kind === 'tampered';
  const stays = held === undefined ? () => true : mayHold({ head: held, isEdited, ours });
  const live = unitsOf((grant) => accessesOf(grant, isLive).filter(stays));
  const barred = question.barred ?? barrier(question, sharedWith);
  const isCandidate = (grant: Grant) => question.candidates.has(grantKey(grant));
  const candidates = unitsOf((grant) => (isCandidate(grant) ? accessesOf(grant, (entry) => entry.state === 'waiting') : []));

  const room = { namespace, document, foreign, longest: question.longest };
  const suspended = suspend(live, room);
  const kept = live.slice(0, live.length - suspended.length);
  const admitted = barred === undefined && suspended.length === 0 ? admit(kept, candidates, room) : [];
  const statements = compileStatements(
    [...kept, ...admitted].flatMap((unit) => unit.accesses),
    namespace,
  );
  const next = withStatements(document, [...foreign, ...statements]);
  const left = candidates
    .filter((unit) => !admitted.includes(unit))
    .map((unit) => [unit.key, barred ?? full(question.bucket, document)] as const);
  const readsAsWanted = sameStatements(ours, statements);
  const disagrees = replaces || question.head?.intended !== undefined || !sameStatements(written, statements) || !readsAsWanted;
  // An edit that lets somebody have more than the grants give is undone, however held the bucket is.
  const opens = isEdited && !readsAsWanted;
  return {
    statements,
    next,
    foreign,
    sharedWith,
    write: held === undefined ? disagrees : (takesAway(question) && disagrees) || opens,
    bytes: jsonBytes(next),
    drift,
    left: new Map(left),
    suspended: new Set(suspended.map((unit) => unit.key)),
    dead,
  };
};

const full = (bucket: string, document: PolicyDocument | undefined): Refusal =>
  refused(
    'policy-full',
    `the policy of bucket '${bucket}' (${jsonBytes(document)} of ${LONGEST_POLICY} bytes) has no room for this grant and for the revocation of any one other; publish wider prefixes, share roles between subscribers, or move data to another bucket`,
  );
