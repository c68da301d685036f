import * as z from 'zod';
import { IDS } from '../../end-to-end/domain-story';

const record = z.looseObject({
  outcome: z.looseObject({ kind: z.string(), code: z.optional(z.string()) }),
  pending: z.boolean(),
  ended: z.optional(z.string()),
  due: z.optional(z.object({ kind: z.string(), at: z.string(), attempts: z.number() })),
});
const grant = z.looseObject({ subscriptionId: z.string(), principals: z.array(z.looseObject({ state: z.string() })) });
const history = z.looseObject({
  version: z.number(),
  previousPolicy: z.nullable(z.string()),
  before: z.array(z.unknown()),
  after: z.array(z.unknown()),
  session: z.string(),
  residualAccess: z.array(z.string()),
});

const failure = z.looseObject({
  outcome: z.enum(['defect', 'unreadable']),
  unit: z.looseObject({ kind: z.string() }),
  attempts: z.number(),
});

export type LedgerRecord = z.infer<typeof record>;

/** The ledger as it lies in its table. */
export type LedgerView = {
  /** Of the story's subscription. */
  readonly record: LedgerRecord | undefined;
  /** Of all subscriptions and of what stands for them. */
  readonly records: ReadonlyMap<string, LedgerRecord>;
  /** Kinds of the due records, as the index shows them; changes that are to be confirmed are not among them. */
  readonly due: readonly string[];
  /** States of the principals of the subscription's grants. */
  readonly states: readonly string[];
  readonly statesOfOthers: readonly string[];
  readonly head: Record<string, unknown> | undefined;
  /** In the order of their keys. */
  readonly history: readonly z.infer<typeof history>[];
  /** Units of which the work failed unexpectedly and that are scheduled again, as `subscription defect`. */
  readonly failures: readonly string[];
};

export const ledgerView = (items: readonly Record<string, unknown>[]): LedgerView => {
  const key = (item: Record<string, unknown>) => `${item['pk']} ${item['sk']}`;
  const like = (pattern: RegExp) => items.filter((item) => pattern.test(key(item))).toSorted((a, b) => key(a).localeCompare(key(b)));
  const records = new Map(
    like(/^subscription#\S+ state$/).map((item) => [String(item['pk']).slice(13), record.parse(JSON.parse(String(item['record'])))]),
  );
  const states = like(/^(?:bucket|subscription)#\S+ grant#/).flatMap((item) => {
    const { subscriptionId, principals } = grant.parse(JSON.parse(String(item['grant'])));
    return principals.map(({ state }) => ({ id: subscriptionId, state }));
  });
  return {
    record: records.get(IDS.subscription),
    records,
    due: like(/^subscription#/).flatMap((item) =>
      typeof item['dueKind'] === 'string' && typeof item['dueAt'] === 'string' ? [item['dueKind']] : [],
    ),
    states: states.flatMap(({ id, state }) => (id === IDS.subscription ? [state] : [])),
    statesOfOthers: states.flatMap(({ id, state }) => (id === IDS.subscription ? [] : [state])),
    head: like(/^bucket#\S+ head$/)[0],
    history: like(/^bucket#\S+ history#/).map((item) => history.parse(JSON.parse(String(item['record'])))),
    failures: like(/^failures /).flatMap((item) => {
      const { unit, outcome } = failure.parse(JSON.parse(String(item['failure'])));
      return typeof item['dueAt'] === 'string' && item['dueKind'] === 'failure' ? [`${unit.kind} ${outcome}`] : [];
    }),
  };
};
