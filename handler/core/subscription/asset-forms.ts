import { BOUNDS, cut } from '../bounds';
import { type Refusal, refused } from '../outcome';
import type { AssetForm } from './subscription';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Returns the forms that can be read: names cut, contents that no form can have left out, at most as many as an asset has. */
export const boundedForms = (forms: readonly AssetForm[]): readonly AssetForm[] =>
  forms
    .filter(({ content }) => content.length <= BOUNDS.formContent)
    .slice(0, BOUNDS.formsPerAsset)
    .map(({ name, content }) => ({ name: cut(name, BOUNDS.name), content }));

/**
 * Parses a listing's forms: one JSON text that maps names to contents, each an object or the JSON text of one. Names are external, so they
 * never become object keys. Text that is not a JSON object has no forms.
 */
export const parseForms = (text: string): readonly AssetForm[] => {
  const parsed = text.length > BOUNDS.formsJson ? undefined : parseJson(text);
  if (!isRecord(parsed)) return [];
  return boundedForms(
    Object.entries(parsed).map(([name, content]) => ({ name, content: typeof content === 'string' ? content : JSON.stringify(content) })),
  );
};

const bucketArnsOf = (forms: readonly AssetForm[]): readonly string[] => [
  ...new Set(
    forms.flatMap(({ content }) => {
      const parsed = parseJson(content);
      return isRecord(parsed) && typeof parsed['bucketArn'] === 'string' ? [parsed['bucketArn']] : [];
    }),
  ),
];

/**
 * Returns the ARN in an S3 object collection's forms: of the form with the given name, otherwise of the only form that has one (domains
 * may name the form differently). Refuses forms that disagree, and an ARN that is too long to be stored.
 */
export const bucketArnIn = (
  forms: readonly AssetForm[],
  { formName, listing }: { formName: string; listing: string },
): string | Refusal => {
  const named = bucketArnsOf(forms.filter(({ name }) => name === formName));
  const found = named.length > 0 ? named : bucketArnsOf(forms);
  const [only] = found;
  if (only === undefined)
    return refused(
      'location-invalid',
      `listing '${listing}' has no readable form with a bucketArn; fill in the form ${formName} and publish the asset again`,
    );
  if (found.length > 1)
    return refused(
      'location-invalid',
      `listing '${listing}' has ${found.length} forms with different bucketArns; keep one and publish the asset again`,
    );
  if (only.length > BOUNDS.locationArn)
    return refused(
      'location-invalid',
      `listing '${listing}' has a bucketArn of ${only.length} characters, and no S3 location needs more than ${BOUNDS.locationArn}; correct the form and publish the asset again`,
    );
  return only;
};
