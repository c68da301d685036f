import { BOUNDS } from '../../../handler/core/bounds';
import { boundedForms, bucketArnIn, parseForms } from '../../../handler/core/subscription/asset-forms';
import { FORM } from './builders';

const RUNS = 'arn:aws:s3:::acme-raw/runs/';
const OTHER = 'arn:aws:s3:::acme-raw/other/';
const arnIn = (forms: string) => bucketArnIn(parseForms(forms), { formName: FORM, listing: 'l1' });
const form = (bucketArn: string, name: string = FORM) => ({ name, content: JSON.stringify({ bucketArn }) });

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
    expect(arnIn(JSON.stringify(forms))).toBe(RUNS);
  });

  test.each(['__proto__', 'constructor', 'toString', ''])('of a form that is named %j', (name) => {
    expect(arnIn(`{${JSON.stringify(name)}:{"bucketArn":"${RUNS}"}}`)).toBe(RUNS);
  });

  test('of forms of the same name that agree', () => {
    expect(bucketArnIn([form(RUNS), form(RUNS)], { formName: FORM, listing: 'l1' })).toBe(RUNS);
  });

  test('that is as long as a location may be', () => {
    const longest = RUNS.padEnd(BOUNDS.locationArn, 'x');
    expect(arnIn(JSON.stringify({ [FORM]: { bucketArn: longest } }))).toBe(longest);
  });
});

const refused = [
  { name: 'forms that are no JSON', forms: '{', says: 'has no readable form with a bucketArn' },
  { name: 'forms that are a list', forms: '[]', says: 'has no readable form with a bucketArn' },
  { name: 'forms that are null', forms: 'null', says: 'has no readable form with a bucketArn' },
  { name: 'no form with a bucketArn', forms: '{"Glossary":{}}', says: `fill in the form ${FORM}` },
  { name: 'a bucketArn on the prototype of a form', forms: `{"${FORM}":{"__proto__":{"bucketArn":"${RUNS}"}}}`, says: 'no readable form' },
  {
    name: 'forms that disagree',
    forms: JSON.stringify({ A: { bucketArn: RUNS }, B: { bucketArn: OTHER } }),
    says: '2 forms with different bucketArns',
  },
  {
    name: 'an ARN that is too long to be kept',
    forms: JSON.stringify({ [FORM]: { bucketArn: RUNS.padEnd(BOUNDS.locationArn + 1, 'x') } }),
    says: 'a bucketArn of 2049 characters',
  },
  {
    name: 'forms whose text is too long',
    forms: `{"${FORM}":{"bucketArn":"${RUNS}"}}`.padEnd(BOUNDS.formsJson + 1),
    says: 'no readable form',
  },
];

describe('a location is refused for', () => {
  test.each(refused)('$name', ({ forms, says }) => {
    const answer = arnIn(forms);
    expect(answer).toEqual({ kind: 'refused', code: 'location-invalid', message: expect.stringContaining(says) });
    expect(answer).toHaveProperty('message', expect.stringMatching(/^listing 'l1'.{0,200}$/));
  });

  test('forms of the same name that disagree', () => {
    expect(bucketArnIn([form(RUNS), form(OTHER)], { formName: FORM, listing: 'l1' })).toMatchObject({ code: 'location-invalid' });
  });
});

describe('of the forms of an asset', () => {
  test('one whose content is longer than DataZone accepts is left out', () => {
    const longest = { name: 'Longest', content: 'x'.repeat(BOUNDS.formContent) };
    expect(boundedForms([{ name: 'Longer', content: `${longest.content}x` }, longest])).toEqual([longest]);
  });

  test('the first are kept, and names are cut', () => {
    const forms = Array.from({ length: BOUNDS.formsPerAsset + 1 }, (_, index) => ({ name: `${index}`.padEnd(300, 'n'), content: '{}' }));
    const kept = boundedForms(forms);
    expect(kept).toHaveLength(BOUNDS.formsPerAsset);
    expect(kept.at(-1)?.name).toBe(`${BOUNDS.formsPerAsset - 1}`.padEnd(BOUNDS.name, 'n').concat('…'));
  });
});
