import fc from 'fast-check';
import type { Published } from '../drills/domain';
import { HOSTILE_TEXTS } from '../fuzz/hostile';
import { seedFrom } from '../handler/core/property';
import { SERVED } from './crowd';
import { commit, HANGS, type Offence, ROUTES } from './offence';
import { addTargets, INHERITED_NAMES, naming, publishForms, rename } from './offenders';
import { type IsolationWorld, SHARED } from './world';

/**
 * Each run is a whole deployment, so few by default, and from one seed: a draw of many texts of a megabyte takes minutes. Set `FC_SEED` and
 * `FC_RUNS` for others.
 */
const RUNS = Number(process.env['FC_RUNS'] ?? 7);
const SEED = '1166291949';
const OTHERS = 3;
const MEGABYTE = 1_048_576;
const [BUCKET] = SHARED;

/** A text as a piece and a length to repeat it to, so that a failure prints shortly. */
type Text = { readonly piece: string; readonly length: number };
const textOf = ({ piece, length }: Text, most: number): string => {
  const repeats = piece === '' ? 0 : Math.ceil(length / piece.length);
  return piece.repeat(Math.max(1, repeats)).slice(0, most);
};

const PRINCIPALS = [
  ...INHERITED_NAMES,
  ...HOSTILE_TEXTS,
  '\u001b[31m',
  '\ud83d',
  'arn:aws:iam::444444444444:role/',
  'arn:aws:iam::444444444444:user/',
];
const text = fc.record({
  piece: fc.constantFrom(...PRINCIPALS),
  length: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(2_049, 420_000, MEGABYTE) }),
});

const trouble = fc.record({
  route: fc.constantFrom(...ROUTES),
  stage: fc.constantFrom('live', 'new'),
  principals: fc.array(text, { minLength: 1, maxLength: 20 }),
  targets: fc.constantFrom(1, 2, 60),
  /** ARNs of assets: of more than one, in a data product. */
  arns: fc.array(text, { minLength: 1, maxLength: 6 }),
  /** What an asset's form holds: JSON with the ARN, or the text alone. */
  form: fc.constantFrom('bucketArn', 'text'),
  name: text,
  reason: text,
});
type Trouble = typeof trouble extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** Of one target as long as drawn; of many no longer than a role's ARN may be, or DataZone's answer itself had no end. */
const principalsOf = ({ principals, targets }: Trouble): readonly string[] =>
  principals.map((principal) => textOf(principal, targets === 1 ? MEGABYTE : 2_048));

/** Limits of DataZone's API. */
const LONGEST_FORM = 300_000;
const LONGEST_NAME = 256;
const LONGEST_REASON = 4_096;

const formsOf = ({ arns, form }: Trouble): readonly string[] =>
  arns.map((arn) => {
    const short = textOf(arn, 70_000);
    return (form === 'text' ? short : JSON.stringify({ bucketArn: `arn:aws:s3:::${BUCKET}/runs/${short}` })).slice(0, LONGEST_FORM);
  });

const offenceOf = (drawn: Trouble): Offence => {
  const approve = (world: IsolationWorld, published: Published) => world.domain.approve(world.consumer(), published);
  const worsen = (world: IsolationWorld, made: ReturnType<typeof approve>) => {
    naming(principalsOf(drawn))(world, made);
    addTargets(world, made, { count: drawn.targets - 1, principals: () => principalsOf(drawn) });
    rename(world, made, { name: textOf(drawn.name, LONGEST_NAME), reason: textOf(drawn.reason, LONGEST_REASON) });
  };
  const publish = (world: IsolationWorld) => publishForms(world, { bucket: BUCKET, forms: formsOf(drawn) });
  return {
    name: 'hostile texts',
    prepare: async (world) => {
      const live = drawn.stage === 'live' ? approve(world, world.publish(BUCKET)) : undefined;
      await world.work();
      return () => {
        const made = live ?? approve(world, publish(world));
        worsen(world, made);
        world.repeatEvent(made);
      };
    },
  };
};

test(
  'the other consumers are served whatever texts a subscription holds',
  async () => {
    const seed = seedFrom(process.env['FC_SEED'] ?? SEED);
    const property = fc.asyncProperty(trouble, async (drawn) => {
      const { world, verdict } = await commit(offenceOf(drawn), { route: drawn.route, size: OTHERS });
      await world.close();
      expect(verdict).toEqual(SERVED);
    });
    // Each step towards a smaller example is a deployment too; a seed and what was drawn are enough.
    const details = await fc.check(property, { seed, numRuns: RUNS, endOnFailure: true });
    if (details.failed)
      throw new Error(`with FC_SEED=${seed}: ${fc.defaultReportMessage(details)}\n${String(details.errorInstance)}`, {
        cause: details.errorInstance,
      });
  },
  RUNS * HANGS,
);
