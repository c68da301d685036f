import { type Grant, grantKey, hasState, isSettled } from '../core/grant/grant';
import { settleGrants } from '../core/grant/grant-settlement';
import type { Head } from '../core/ledger/bucket-state';
import type { Cause } from '../core/ledger/history-record';
import type { Refusal, Waiting } from '../core/outcome';
import type { PolicyPlan } from '../core/policy/policy-plan';
import type { ResidualAccess } from '../core/policy/residual-access';
import type { SidNamespace } from '../core/policy/sid-namespace';
import type { RegisteredBucket } from '../core/subscription/registry';
import { WriteConflict } from '../errors';
import { every } from '../every';
import type { BucketLedger, PolicyAccess, Ports, StoredGrant } from '../ports';
import type { AccountBreaker } from './account-breaker';

/** One subscription's part in a bucket's change. */
export type PlannedGrants = {
  readonly subscription: string;
  readonly grants: readonly Grant[];
  /** Keys of the grants whose waiting principals are to be granted access now. */
  readonly candidates: ReadonlySet<string>;
  /** Resolves when the subscription's record is in the ledger: nothing is changed before. Rejects when it could not be saved. */
  readonly recorded: Promise<unknown>;
  readonly cause: Cause;
};

/** What is to be done in one bucket. */
export type BucketWork = {
  readonly name: string;
  /** The bucket's ledger as the work was planned from it. */
  readonly ledger: BucketLedger;
  readonly planned: readonly PlannedGrants[];
  /** Why the change is made where no subscription is the reason. */
  readonly cause: Cause;
  /** Called when a policy that was written is proven; what remains is to record it. */
  readonly proven: () => void;
};

export type BucketRules = {
  readonly namespace: SidNamespace;
  /** Everything up to the write, and no write. */
  readonly observe: boolean;
  /** An operator stopped additions and repairs on all buckets. */
  readonly frozen: boolean;
  /** Accounts that are skipped for a while because they did not answer. */
  readonly breaker: AccountBreaker;
  /** No change is started any more. */
  readonly timeIsUp: () => boolean;
};

/** What still gives a principal access that a grant, named by its key, gave and gives no more. */
export type GrantResidue = { readonly grant: string; readonly residualAccess: ResidualAccess };

export type BucketResult = {
  /** The bucket's grants after the work. */
  readonly grants: readonly Grant[];
  /** The same with their revisions. */
  readonly stored: readonly StoredGrant[];
  /** Why some of the work is not done, if so. */
  readonly hindrance?: Refusal | Waiting;
  /** What still gives access to principals of the subscriptions that were worked on, after their revocation. */
  readonly residualAccess: readonly GrantResidue[];
  /** Subscriptions whose grants could not be saved, and why: nothing of them is in the policy. */
  readonly failed: ReadonlyMap<string, unknown>;
};

/** The work on one bucket while it is done: its state and grants as they are in the ledger by now. */
export class BucketChange {
  readonly subscriptions: readonly string[];
  /** Resolves when the planned grants are in the ledger, those aside that could not be saved. */
  readonly saved: Promise<void>;
  residualAccess: readonly GrantResidue[] = [];
  head: Head | undefined;
  private readonly grants = new Map<string, StoredGrant>();
  private readonly failures = new Map<string, unknown>();
  private readonly before: ReadonlyMap<string, StoredGrant>;
  private unreadable: BucketLedger['unreadable'];

  constructor(
    readonly work: BucketWork,
    readonly ports: Ports,
    { recordsName }: { readonly recordsName: boolean },
  ) {
    const { ledger, planned, name } = work;
    this.head = ledger.head;
    this.unreadable = ledger.unreadable;
    this.subscriptions = planned.map(({ subscription }) => subscription);
    this.before = new Map(ledger.grants.map((stored) => [grantKey(stored.grant), stored]));
    for (const [key, stored] of this.before) this.grants.set(key, stored);
    const saving = planned.map((one) => this.save(one));
    this.saved = every([recordsName ? ports.ledger.recordBucketName(name) : undefined, ...saving]).then(() => undefined);
    // The policy is read meanwhile; what depends on the grants awaits this.
    this.saved.catch(() => undefined);
  }

  /** The bucket's grants as they are planned and saved by now. */
  get current(): readonly Grant[] {
    return [...this.grants.values()].map(({ grant }) => grant);
  }

  get failed(): ReadonlyMap<string, unknown> {
    return this.failures;
  }

  /** Returns whether the grants of every subscription that the change is made for could not be saved. */
  get hasOnlyFailures(): boolean {
    return this.subscriptions.length > 0 && this.subscriptions.every((id) => this.failures.has(id));
  }

  get hasUnreadableGrants(): boolean {
    return this.unreadable.length > 0;
  }

  /** Grants of these subscriptions, of one owning project, whose waiting principals are to be granted access. */
  candidatesOf(owningProject: string): ReadonlySet<string> {
    const keys = this.work.planned.flatMap(({ grants, candidates }) =>
      grants
        .filter((grant) => grant.owningProject === owningProject)
        .map(grantKey)
        .filter((key) => candidates.has(key)),
    );
    return new Set(keys);
  }

  /** Returns whether access is to be revoked in this bucket. */
  get revokes(): boolean {
    return this.current.some((grant) => hasState(grant, 'revoking'));
  }

  /** Saves what is planned for one subscription. What fails concerns that subscription: its grants are as before then. */
  private async save({ subscription, grants, recorded }: PlannedGrants): Promise<void> {
    const changed = grants.filter((grant) => JSON.stringify(this.before.get(grantKey(grant))?.grant) !== JSON.stringify(grant));
    // A settled grant that is not in the bucket's partition lies with its subscription, and stays there.
    const isElsewhere = (grant: Grant) => !this.before.has(grantKey(grant)) && isSettled(grant);
    for (const grant of changed.filter(isElsewhere)) this.grants.set(grantKey(grant), { grant, revision: 0 });
    const next = changed
      .filter((grant) => !isElsewhere(grant))
      .map((grant) => ({ grant, revision: (this.before.get(grantKey(grant))?.revision ?? 0) + 1 }));
    for (const stored of next) this.grants.set(grantKey(stored.grant), stored);
    try {
      await recorded;
      await every(next.map((stored) => this.saveGrant(stored)));
    } catch (error) {
      this.failures.set(subscription, error);
      for (const { grant } of next) this.restore(grantKey(grant));
    }
  }

  private restore(key: string): void {
    const before = this.before.get(key);
    if (before === undefined) this.grants.delete(key);
    else this.grants.set(key, before);
  }

  private async saveGrant(stored: StoredGrant): Promise<void> {
    if (await this.ports.ledger.saveGrant(stored)) return;
    throw new WriteConflict(`grant '${grantKey(stored.grant)}' was changed by another writer since it was read`);
  }

  /** Reads the bucket again after another writer was faster: what was planned from the state before could undo what that writer did. */
  async readAgain(): Promise<void> {
    const { head, grants, unreadable } = await this.ports.ledger.bucket(this.work.name);
    this.head = head;
    this.unreadable = unreadable;
    this.grants.clear();
    for (const stored of grants) this.grants.set(grantKey(stored.grant), stored);
  }

  /** Marks the bucket; `false`: another writer was faster, and the bucket was read again. */
  async mark(head: Head): Promise<boolean> {
    const isMarked = await this.ports.ledger.mark(this.work.name, { seen: this.head?.attempt, head });
    if (isMarked) this.head = head;
    else await this.readAgain();
    return isMarked;
  }

  /** Records in the grants what the policy was proven to hold. */
  async settleGrants(plan: Pick<PolicyPlan, 'dead' | 'left' | 'suspended'>, candidates: ReadonlySet<string>): Promise<void> {
    const stored = [...this.grants.values()];
    const settled = settleGrants(
      stored.map(({ grant }) => grant),
      { plan, candidates, now: this.ports.clock.now() },
    );
    const next = stored.flatMap(({ grant, revision }, index) => {
      const after = settled[index];
      return after === undefined || after === grant ? [] : [{ grant: after, revision: revision + 1 }];
    });
    await every(
      next.map(async (one) => {
        try {
          await this.saveGrant(one);
          this.grants.set(grantKey(one.grant), one);
        } catch (error) {
          this.failures.set(one.grant.subscriptionId, error);
        }
      }),
    );
  }

  result(hindrance: Refusal | Waiting | undefined): BucketResult {
    return {
      grants: this.current,
      stored: [...this.grants.values()],
      residualAccess: this.residualAccess,
      failed: this.failures,
      ...(hindrance === undefined ? {} : { hindrance }),
    };
  }
}

/** One pass: the policy as one owning project's session may change it. */
export type Pass = {
  readonly change: BucketChange;
  readonly access: PolicyAccess;
  readonly candidates: ReadonlySet<string>;
  readonly bucket: RegisteredBucket;
  readonly rules: BucketRules;
};
