import { sidNamespace } from '../../../handler/core/policy/sid-namespace';
import { noteUnreadable, type UnreadableEntry, unreadableEntries } from '../answers/unreadable';
import { Inspection, type PolicyReading } from '../bucket-policy';
import { command } from '../framework/command';
import type { Context } from '../framework/context';
import { argument, principalArn, text } from '../framework/fields';
import { lines, type Output, output } from '../framework/output';
import type { Terminal } from '../framework/terminal';
import { openReading, readBuckets, unreadableIn } from '../reading';
import { type Entitlement, entitlements, type Missing, missingConditions } from '../why/entitlement';
import { askGate, type GateAnswer } from '../why/gate';

const OBJECT = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.*)$/s;

/** The answer to why somebody may, or may not, read an object. */
interface Answer {
  readonly principal: string;
  readonly object: string;
  /** Whether the bucket's policy lets the principal read it; `unknown`: the policy could not be read. */
  readonly allowed: boolean | 'unknown';
  readonly subscriptions: readonly Entitlement[];
  readonly missing: readonly Missing[];
  readonly policy: readonly GateAnswer[];
  readonly notes: readonly string[];
  /** Stored items that could not be read: a subscription that gives the access may be among them. */
  readonly unreadable: readonly UnreadableEntry[];
}

export const why = command({
  name: 'why',
  group: 'Answers',
  summary: 'Tells why somebody may read an object, or what exactly is missing',
  details: [
    "The bucket's policy is read with the inspector role and evaluated as IAM would: subscriptions that give the access are named with who approved them, and so is every other statement that lets the principal in or shuts it out.",
    "What is not looked at: the principal's own policies (needed where it is in another account than the bucket), organization policies, endpoint policies, and the keys of encrypted objects.",
    'The exit code is 1 where there is no access.',
  ],
  needs: 'reading',
  arguments: {
    principal: argument('<principal>', 'ARN of a role or user', principalArn),
    object: argument('<object>', 'the object, or a folder with its slash: s3://bucket/key', text(OBJECT, 's3://bucket/key')),
  },
  examples: [
    {
      line: 'why arn:aws:iam::333333333333:role/analyst s3://acme-raw/runs/1/image.png',
      about: 'Which subscription lets the analyst read the image, or what is missing.',
    },
  ],
  run: async (context, { principal, object }) => {
    const answer = await answerFor(context, { principal, object });
    noteUnreadable(context.terminal, answer.unreadable);
    context.terminal.answer(answer, () => shown(answer, context.terminal));
    return answer.allowed === true ? undefined : 'findings';
  },
});

const answerFor = async (context: Context, { principal, object }: { principal: string; object: string }): Promise<Answer> => {
  const [, bucket = '', key = ''] = OBJECT.exec(object) ?? [];
  const { domain, name } = context.deployment;
  const reading = await openReading(context);
  const [buckets, subscriptions] = await Promise.all([readBuckets(reading, [bucket]), reading.ledger.subscriptions()]);
  const [found] = buckets;
  const registered = found?.registered;
  const question = {
    principal,
    partition: domain.partition,
    bucket,
    key,
    registered,
    grants: found?.grants ?? [],
    records: subscriptions.records,
  };
  const given = entitlements(question);
  const policy: PolicyReading =
    registered === undefined
      ? { kind: 'unread', why: 'the bucket is not registered, so there is no inspector role to read its policy with' }
      : await new Inspection(context, reading.reader).policyOf(registered);
  const gate =
    registered === undefined || policy.kind === 'unread'
      ? []
      : askGate({
          ...{ principal, bucket, key, partition: domain.partition, region: registered.region, bucketAccount: registered.account },
          policy: policy.kind === 'policy' ? policy.text : undefined,
          deployment: sidNamespace({ name, ...domain }).deployment,
          now: new Date(),
        });
  const decision = gate[0]?.decision;
  return {
    ...{ principal, object, policy: gate, subscriptions: given },
    allowed: decision === undefined || decision === 'unknown' ? 'unknown' : decision === 'allowed',
    missing: given.length > 0 ? [] : missingConditions(question),
    unreadable: unreadableEntries([...unreadableIn(buckets), ...subscriptions.unreadable]),
    notes: notesOf({ principal, account: registered?.account, policy, decision, given }),
  };
};

const notesOf = (seen: {
  readonly principal: string;
  readonly account: string | undefined;
  readonly policy: PolicyReading;
  readonly decision: GateAnswer['decision'] | undefined;
  readonly given: readonly Entitlement[];
}): readonly string[] => {
  const account = seen.principal.split(':')[4];
  return [
    ...(seen.policy.kind === 'unread' ? [`the policy was not read: ${seen.policy.why}`] : []),
    ...(seen.given.length > 0 && seen.decision === 'implicitly-denied'
      ? ['the ledger has a grant that the policy does not show: the next reconcile repairs it; or at once: datazone-s3 reconcile']
      : []),
    ...(seen.account !== undefined && account !== seen.account
      ? [
          `the principal is in account ${account} and the bucket in ${seen.account}: its own policies must allow s3:GetObject and s3:ListBucket too`,
        ]
      : []),
  ];
};

const DECISIONS = {
  allowed: 'lets it in',
  'implicitly-denied': 'says nothing of it',
  'explicitly-denied': 'shuts it out',
  unknown: 'cannot be evaluated',
} as const;

const gateText = ({ action, decision, statement, whose, problem }: GateAnswer): Output => {
  const by = statement === undefined ? '' : output` by '${statement}'${whose === 'others' ? ', which is not ours' : ''}`;
  return output`  the bucket policy ${DECISIONS[decision]}${by}: ${action}${problem === undefined ? '' : output` (${problem})`}`;
};

const shown = (answer: Answer, terminal: Terminal): Output => {
  const verdict =
    answer.allowed === 'unknown'
      ? terminal.paint('yellow', 'it cannot be told')
      : answer.allowed
        ? terminal.paint('green', 'yes')
        : terminal.paint('red', 'no');
  return lines([
    output`May ${answer.principal} read ${answer.object}? ${verdict}`,
    ...answer.subscriptions.map(
      ({ subscription, location, state, since, approvedBy, approvedAt, decisionComment }) =>
        output`  subscription ${subscription} gives ${location} (${state} since ${since.slice(0, 19)}), approved by ${approvedBy ?? 'somebody whom the ledger does not name'}${approvedAt === undefined ? '' : output` at ${approvedAt.slice(0, 19)}`}${decisionComment === undefined ? '' : output`: ${decisionComment}`}`,
    ),
    ...answer.missing.map(({ sentence }) => output`  ${sentence}`),
    ...answer.policy.map(gateText),
    ...answer.notes.map((note) => output`  ${terminal.paint('dim', note)}`),
  ]);
};
