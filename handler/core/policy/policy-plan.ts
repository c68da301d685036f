import { type Access, accessesOf, type Grant, grantKey, hasState, isLive, type PrincipalEntry } from '../grant/grant';
import { readResources } from '../grant/location';
import type { Head } from '../ledger/bucket-state';
import { type Refusal, refused, type Waiting, waiting } from '../outcome';
import { admit, suspend, type Unit } from './capacity';
import { classifyDrift, type Drift, deadPrincipals } from './drift';
import { compileStatements } from './policy-compiler';
import { jsonBytes, LONGEST_POLICY, type PolicyDocument, type Statement, withStatements } from './policy-document';
import { awsPrincipals, sameStatements } from './policy-equality';
import { type SidNamespace, statementOwners } from './sid-namespace';
import { accessesIn, accessText } from './statement-access';

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
  /** Some grants of the bucket cannot be read: the access that only they can have given stays as it was last written. */
  readonly hasUnreadableGrants?: boolean;
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
  /** Keys of other deployments with statements here. */
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
  const isRetained = hasState(grant, 'retained');
  const [oldest] = grant.principals.map((entry) => entry.since).sort();
  return `${isRetained ? 0 : 1} ${oldest} ${grantKey(grant)}`;
};

/** Why no candidate may enter this bucket now, if so. */
const barrier = (question: PolicyQuestion, otherDeployments: readonly string[]): Refusal | Waiting | undefined => {
  if (otherDeployments.length > 0)
    return refused(
      'bucket-shared',
      `bucket '${question.bucket}' already carries statements of another deployment of this product (${otherDeployments.join(', ')}); a bucket has one writer: let the bucket retire there first`,
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
const heldHead = ({ head, frozen }: PolicyQuestion): Head | undefined =>
  frozen === true || head?.frozen === true || head?.contended === true ? head : undefined;

const takesAway = ({ grants }: PolicyQuestion): boolean => grants.some((grant) => hasState(grant, 'revoking'));

/**
 * The access that only unreadable grants can have given: what was last written, and is announced where a change is, beyond what
 * readable grants give or are to lose. It is kept, because an item that cannot be read is no evidence for a revocation.
 */
const unreadableAccess = ({ grants, head, hasUnreadableGrants }: PolicyQuestion): readonly Access[] => {
  if (hasUnreadableGrants !== true || head === undefined) return [];
  const announced = head.intended && new Set(accessesIn(head.intended.statements).map(accessText));
  const isReadable = (entry: PrincipalEntry) => isLive(entry) || entry.state === 'revoking';
  const readable = new Set(grants.flatMap((grant) => accessesOf(grant, isReadable)).map(accessText));
  return accessesIn(head.written).filter((access) => {
    const text = accessText(access);
    return !readable.has(text) && (announced === undefined || announced.has(text));
  });
};

/** Key of the accesses above, which no grant has. */
const UNREADABLE = 'unreadable';

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
  const { ours, foreign, otherDeployments: sharedWith } = statementOwners(document, namespace);
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
  const kept = unreadableAccess(question).filter((access) => stays(access) && !dead.has(access.principal));
  const live = [
    ...(kept.length === 0 ? [] : [{ key: UNREADABLE, accesses: kept }]),
    ...unitsOf((grant) => accessesOf(grant, isLive).filter(stays)),
  ];
  const barred = question.barred ?? barrier(question, sharedWith);
  const isCandidate = (grant: Grant) => question.candidates.has(grantKey(grant));
  const candidates = unitsOf((grant) => (isCandidate(grant) ? accessesOf(grant, (entry) => entry.state === 'waiting') : []));

  const room = { namespace, document, foreign, longest: question.longest };
  const suspended = suspend(live, room);
  const staying = live.slice(0, live.length - suspended.length);
  const admitted = barred === undefined && suspended.length === 0 ? admit(staying, candidates, room) : [];
  const statements = compileStatements(
    [...staying, ...admitted].flatMap((unit) => unit.accesses),
    namespace,
  );
  const next = withStatements(document, [...foreign, ...statements]);
  const left = candidates
    .filter((unit) => !admitted.includes(unit))
    .map((unit) => [unit.key, barred ?? full(question.bucket, document)] as const);
  const readsAsWanted = sameStatements(ours, statements);
  const disagrees = question.head?.intended !== undefined || !sameStatements(written, statements) || !readsAsWanted;
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
