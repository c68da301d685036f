import { type Refusal, refused } from '../outcome';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const bucketArnOf = (content: unknown): string | undefined => {
  const parsed = typeof content === 'string' ? parseJson(content) : content;
  return isRecord(parsed) && typeof parsed['bucketArn'] === 'string' ? parsed['bucketArn'] : undefined;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The ARN in an S3 object collection's forms: of the form with the given name, else of the only form that holds one (domains may
 * name the form differently). A listing's forms are one JSON text that maps names to contents; an asset's are a list, which the
 * adapter brings into the same shape.
 */
export const bucketArnIn = (forms: string, { formName, listing }: { formName: string; listing: string }): string | Refusal => {
  const parsed = parseJson(forms);
  if (!isRecord(parsed))
    return refused('location-invalid', `the forms of listing '${listing}' are no JSON object; publish the asset again`);
  const named = bucketArnOf(parsed[formName]);
  if (named !== undefined) return named;
  const found = [...new Set(Object.values(parsed).flatMap((content) => bucketArnOf(content) ?? []))];
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only;
  return refused(
    'location-invalid',
    found.length === 0
      ? `listing '${listing}' has no form with a bucketArn; fill in the form ${formName} and publish the asset again`
      : `listing '${listing}' has ${found.length} forms with different bucketArns; keep one and publish the asset again`,
  );
};
