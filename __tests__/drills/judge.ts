import type { Call } from '../../local-aws/call';
import type { Grant } from '../../local-aws/datazone/model';
import type { LocalAws } from '../../local-aws/local-aws';
import { evaluate } from '../../src/iam/evaluate';
import { BYSTANDER, PROVIDER, type RegisteredPlace } from './deployment';
import type { Domain, Made, Published } from './domain';

/** A role and a place, of which can be asked whether the role reads it, and whether it should. */
export type Question = { readonly role: string; readonly place: Pick<Published, 'bucket' | 'prefix'> };

/**
 * How a drill's own rule has it, where DataZone's state does not say: an owner stands in the way, or nobody has decided yet. `gone`: the
 * place itself is gone, nobody may be let in again, and what DataZone was told before stays as it was.
 */
export type Expected = 'reads' | 'shut out' | 'either' | 'gone';
export type Expects = (question: Question, made: Made | undefined) => Expected | undefined;

export type Verdict = { readonly lost: readonly string[]; readonly leaked: readonly string[]; readonly untrue: readonly string[] };

const ALL = {
  name: 'whatever its own account lets it',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
};

/** Places that nobody has subscribed to, beside and above those that somebody has. */
const NEVER: readonly Question['place'][] = [
  { bucket: 'acme-raw', prefix: 'shared/secret/' },
  { bucket: 'acme-raw', prefix: 'theirs/' },
  { bucket: 'acme-raw', prefix: 'private/' },
  { bucket: 'acme-more', prefix: 'private/' },
  { bucket: 'acme-far', prefix: 'private/' },
];

/** What a place's keys begin with: of a *name* `b/n` everything below `n/` is asked for. */
const below = (prefix: string): string => (prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`);

/** Judges by what IAM would decide on the stored bucket policies and by what DataZone says, never by the product's word. */
export class Judge {
  /** What was told to DataZone when it was not so. */
  readonly untrueReports: string[] = [];
  expects: Expects = () => undefined;
  private readonly hidden = new Set<string>();

  constructor(
    private readonly aws: LocalAws,
    private readonly domain: Domain,
    private readonly places: () => readonly RegisteredPlace[],
  ) {
    aws.faults.add((call) => {
      this.hear(call);
      return undefined;
    });
  }

  /** What IAM decides: whether the role gets an object of the place, or lists it. */
  reads({ role, place }: Question): { readonly gets: boolean; readonly lists: boolean } {
    const identity = this.aws.state.identities.byArn.get(role);
    const bucket = this.aws.state.buckets.get(place.bucket);
    if (identity === undefined || bucket?.policy === undefined) return { gets: false, lists: false };
    const { account, arn, uniqueId } = identity;
    const principal = { type: 'role-session', account, arn, uniqueId } as const;
    const policies = { identity: [ALL], resource: { name: 'bucket policy', document: bucket.policy } };
    const may = (action: string, path: string, context: Record<string, string>) =>
      evaluate({ principal, action, resource: `arn:aws:s3:::${place.bucket}${path}`, resourceAccount: bucket.account, context }, policies)
        .decision === 'allowed';
    const prefix = below(place.prefix);
    return { gets: may('s3:GetObject', `/${prefix}file`, {}), lists: may('s3:ListBucket', '', { 's3:prefix': prefix }) };
  }

  /** Whether the place is registered for its publisher, by the deepest prefix, and nobody else's place lies in it. */
  private mayPublish({ bucket, prefix: published, asset }: Published): boolean {
    const prefix = below(published);
    const registered = this.places().find((one) => one.bucket === bucket);
    const publisher = this.aws.state.datazone.assets.get(asset)?.owningProjectId;
    const isThere = registered !== undefined && this.aws.state.buckets.get(bucket)?.account === registered.account;
    if (!isThere || registered.state === 'retiring' || /[*?]|\$\{/.test(prefix)) return false;
    const around = registered.prefixes.filter((one) => prefix.startsWith(one.prefix)).toSorted((a, b) => b.prefix.length - a.prefix.length);
    const within = registered.prefixes.filter((one) => one.prefix.startsWith(prefix));
    const [deepest] = around;
    // What is deleted was published when it was approved.
    const isTheirs = (one: (typeof within)[number]) => publisher === undefined || one.owningProjects.includes(publisher);
    return deepest !== undefined && [deepest, ...within].every(isTheirs);
  }

  private isApproved({ id }: Made): boolean {
    return this.aws.state.datazone.subscriptions.get(id)?.status === 'APPROVED';
  }

  /** Whether an approved subscription entitles the role: its consumer's target names it, it is there, and it is of the environment's account. */
  private entitles(made: Made, role: string): boolean {
    const { datazone, identities } = this.aws.state;
    const account = datazone.environments.get(made.consumer.environment)?.awsAccountId;
    const target = datazone.targets.get(made.consumer.target);
    return (
      this.isApproved(made) &&
      target?.provider === PROVIDER &&
      target.authorizedPrincipals.includes(role) &&
      identities.byArn.get(role)?.account === account &&
      this.mayPublish(made.published)
    );
  }

  private covers(made: Made, { bucket, prefix }: Question['place']): boolean {
    return made.published.bucket === bucket && below(prefix).startsWith(below(made.published.prefix));
  }

  expected(question: Question): Expected {
    const about = this.domain.made.filter((made) => this.covers(made, question.place));
    const own = about.filter(({ consumer }) => this.domain.named.get(consumer.target)?.has(question.role));
    const said = this.expects(question, own[0]);
    return said ?? (about.some((made) => this.entitles(made, question.role)) ? 'reads' : 'shut out');
  }

  /**
   * What is pending now may stay so: half a list, which does not say that it is half, hid from the function that DataZone keeps
   * a grant; or nobody may look at any policy, so that nothing can be proven gone.
   */
  excusePending(): void {
    for (const { id, assets } of this.aws.state.datazone.grants.values())
      if (assets.some(({ status }) => status.endsWith('_PENDING'))) this.hidden.add(id);
  }

  /** How everything stands now; or, where there are many, what concerns the subscriptions made last. */
  verdict(last = Number.POSITIVE_INFINITY): Verdict {
    const made = this.domain.made.slice(-last);
    const lost: string[] = [];
    const leaked: string[] = [];
    for (const question of this.questions(made)) {
      const { gets, lists } = this.reads(question);
      const expected = this.expected(question);
      const said = `${question.role} on ${question.place.bucket}/${question.place.prefix}`;
      if (expected === 'reads' && !(gets && lists)) lost.push(said);
      if ((expected === 'shut out' || expected === 'gone') && (gets || lists)) leaked.push(said);
    }
    return { lost, leaked, untrue: [...this.untrueReports, ...this.shownUntruly(made)] };
  }

  isRight(last?: number): boolean {
    const { lost, leaked, untrue } = this.verdict(last);
    return lost.length + leaked.length + untrue.length === 0;
  }

  /** Each role on each place it was ever subscribed to, on one that was another's, and on those that are nobody's; and who was never named. */
  private *questions(made: readonly Made[]): Iterable<Question> {
    const { named } = this.domain;
    const asked = new Set<string>();
    const others = made.map(({ published }) => published);
    for (const [index, { consumer, published }] of made.entries()) {
      const another = others[(index * 7 + 3) % others.length] ?? published;
      for (const role of named.get(consumer.target) ?? [])
        for (const place of [published, another, ...NEVER]) {
          const key = `${role} ${place.bucket} ${place.prefix}`;
          if (!asked.has(key)) yield { role, place };
          asked.add(key);
        }
      yield { role: BYSTANDER, place: published };
    }
  }

  private about(grant: Grant): readonly Made[] {
    return this.domain.made.filter(
      (made) => made.consumer.target === grant.subscriptionTargetId && made.published.listing === grant.listing.id,
    );
  }

  /** Whether a status says what is so: GRANTED that all roles read; REVOKED that none does who is not entitled by another subscription. */
  private isTrue(status: string, grant: Grant, counts: (role: string) => boolean = () => true): boolean {
    const [made] = this.about(grant);
    if (made === undefined) return true;
    const named = this.aws.state.datazone.targets.get(grant.subscriptionTargetId)?.authorizedPrincipals ?? [];
    if (status === 'GRANTED') return named.filter(counts).every((role) => this.reads({ role, place: made.published }).gets);
    if (status !== 'REVOKED') return true;
    const roles = [...(this.domain.named.get(grant.subscriptionTargetId) ?? [])];
    return roles.every(
      (role) => !this.reads({ role, place: made.published }).gets || this.expected({ role, place: made.published }) !== 'shut out',
    );
  }

  private hear({ operation, params }: Call): void {
    if (operation !== 'UpdateSubscriptionGrantStatus') return;
    const grant = this.aws.state.datazone.grants.get(String(params['identifier']));
    const status = String(params['status']);
    if (grant !== undefined && !this.isTrue(status, grant)) this.untrueReports.push(`${status} was said of grant ${grant.id}`);
  }

  /** Whether any event of the grant or its subscription ever came through. One that was approved and revoked unheard never let anybody in. */
  private wasHeard(grant: Grant): boolean {
    const ids = [grant.id, ...this.about(grant).map(({ id }) => id)];
    return this.aws.bus.published.some(({ event }) => ids.some((id) => JSON.stringify(event).includes(`"${id}"`)));
  }

  /** What DataZone shows in the end and is not so; also what it still calls pending when the access is as it should be. */
  private shownUntruly(concerned: readonly Made[]): readonly string[] {
    const listings = new Set(concerned.map(({ consumer, published }) => `${consumer.target} ${published.listing}`));
    const { grants, targets } = this.aws.state.datazone;
    // Of a role that was deleted since nothing was untrue, and nobody is left to be told.
    const isThere = (role: string) => this.aws.state.identities.byArn.has(role);
    return [...grants.values()].flatMap((grant) => {
      if (!listings.has(`${grant.subscriptionTargetId} ${grant.listing.id}`)) return [];
      const [made] = this.about(grant);
      const target = targets.get(grant.subscriptionTargetId);
      if (made === undefined || target === undefined) return [];
      const expected = target.authorizedPrincipals.map((role) => this.expected({ role, place: made.published }));
      if (expected.includes('either') || expected.includes('gone')) return [];
      const wanted = this.about(grant).some((one) => this.isApproved(one)) ? 'GRANTED' : 'REVOKED';
      return grant.assets.flatMap(({ status }) => {
        const isOpen =
          status.endsWith('_PENDING') &&
          expected.length > 0 &&
          expected.every((one) => one === (wanted === 'GRANTED' ? 'reads' : 'shut out'));
        const isUnheard = wanted === 'REVOKED' && !this.wasHeard(grant);
        return this.isTrue(status, grant, isThere) && (!isOpen || isUnheard || this.hidden.has(grant.id))
          ? []
          : [`${status} is shown of grant ${grant.id}`];
      });
    });
  }
}
