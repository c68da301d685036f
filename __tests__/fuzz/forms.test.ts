import fc from 'fast-check';
import { bucketArnIn, parseForms } from '../../handler/core/subscription/asset-forms';
import { BUCKET, FORM, PRODUCER, resolved, role, rules, target } from '../handler/core/builders';
import { fuzz } from './inputs';
import { mutated, mutatedJson } from './mutations';
import { canRead, expectSentence, OWNER, statementsFor } from './pipeline';

const READER = role('reader', OWNER);
const RUNS = `arn:aws:s3:::${BUCKET}/runs/`;
const OTHER = `arn:aws:s3:::${BUCKET}/runs/other/`;

const forms = fc.oneof(
  mutatedJson({ [FORM]: { bucketArn: RUNS } }),
  mutatedJson({ [FORM]: { note: 'x' }, Renamed: { bucketArn: RUNS } }),
  mutatedJson({ Renamed: { bucketArn: RUNS }, Another: { bucketArn: OTHER } }),
  // An asset's forms hold their contents as JSON text.
  mutated({ bucketArn: RUNS }).chain((content) => mutatedJson({ [FORM]: JSON.stringify(content) ?? '' }, 1)),
);

/** Every text that stands as `bucketArn` in a form of these, or in the JSON text that a form is. */
const arnsIn = (text: string): readonly string[] => {
  const parsed = parse(text);
  if (typeof parsed !== 'object' || parsed === null) return [];
  return Object.values(parsed).flatMap((form: unknown) => {
    const content = typeof form === 'string' ? parse(form) : form;
    const arn: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, 'bucketArn') : undefined;
    return typeof arn === 'string' ? [arn] : [];
  });
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

fuzz('the forms of a listing give one ARN that stands in them, or nothing', {
  inputs: forms,
  verdicts: ['refused', 'an ARN'],
  check: (text, tally) => {
    const arn = bucketArnIn(parseForms(text), { formName: FORM, listing: 'l1' });
    const asset = { assetId: 'a1', owningProject: PRODUCER, forms: parseForms(text) };
    const statements = statementsFor(resolved({ assets: [asset], targets: [target('t', [READER], { account: OWNER })] }), rules());
    const readable = ['x', 'runs', 'runsx', 'runs/x', 'runs/other/x', 'secret/x'].filter((key) =>
      canRead(statements, { arn: READER, key }),
    );
    if (typeof arn !== 'string') {
      expectSentence(arn.message);
      expect([arn.code, readable]).toEqual(['location-invalid', []]);
      return tally('refused');
    }
    expect(arnsIn(text)).toContain(arn);
    expect(readable.filter((key) => !key.startsWith('runs/'))).toEqual([]);
    if (arn === RUNS) expect(readable).toEqual(['runs/x', 'runs/other/x']);
    return tally('an ARN');
  },
});
