import { bucketArnIn } from '../../../handler/core/subscription/asset-forms';
import { FORM } from './builders';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const OTHER = 'arn:aws:s3:::acme-raw/other/';

const found = [
  { name: 'of the form by its name', forms: { [FORM]: { bucketArn: RUNS } } },
  { name: 'of a form whose content is a text', forms: { [FORM]: JSON.stringify({ bucketArn: RUNS }) } },
  { name: 'of the named form, though another holds one too', forms: { [FORM]: { bucketArn: RUNS }, Other: { bucketArn: OTHER } } },
  { name: 'of the only form that holds one, whatever its name', forms: { Glossary: { terms: [] }, MyForm: { bucketArn: RUNS } } },
  { name: 'of another form where the named one holds none', forms: { [FORM]: { bucketArn: 7 }, MyForm: { bucketArn: RUNS } } },
  { name: 'that two forms agree on', forms: { One: { bucketArn: RUNS }, Two: JSON.stringify({ bucketArn: RUNS }) } },
  {
    name: 'beside forms that are texts, lists and nothing',
    forms: { A: 'text', B: ['x'], C: null, D: '[1]', MyForm: { bucketArn: RUNS } },
  },
];

describe('the location of an asset is the bucketArn', () => {
  test.each(found)('$name', ({ forms }) => {
    expect(bucketArnIn(JSON.stringify(forms), { formName: FORM, listing: 'l1' })).toBe(RUNS);
  });
});

const refused = [
  { name: 'forms that are no JSON', forms: '{', says: 'are no JSON object' },
  { name: 'forms that are a list', forms: '[]', says: 'are no JSON object' },
  { name: 'forms that are null', forms: 'null', says: 'are no JSON object' },
  { name: 'no form with a bucketArn', forms: '{"Glossary":{}}', says: `fill in the form ${FORM}` },
  {
    name: 'forms that disagree',
    forms: JSON.stringify({ A: { bucketArn: RUNS }, B: { bucketArn: OTHER } }),
    says: '2 forms with different bucketArns',
  },
];

describe('a location is refused for', () => {
  test.each(refused)('$name', ({ forms, says }) => {
    const answer = bucketArnIn(forms, { formName: FORM, listing: 'l1' });
    expect(answer).toEqual({ kind: 'refused', code: 'location-invalid', message: expect.stringContaining(says) });
    expect(answer).toHaveProperty('message', expect.stringContaining("listing 'l1'"));
  });
});
