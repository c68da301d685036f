import { projectLabel, type ReportGrant, s3Url } from './report-data';

/** What a reader of the report asks for; an empty text asks for nothing. */
export interface GrantQuery {
  /** Words, all of which must occur somewhere in a row, in any case. */
  readonly search: string;
  readonly state: string;
  readonly bucket: string;
  readonly consumerProject: string;
  readonly owningProject: string;
}

export const EVERYTHING: GrantQuery = { search: '', state: '', bucket: '', consumerProject: '', owningProject: '' };

/** A grant beside the text that it is found by, made once: 10,000 rows are searched at every key press. */
export interface SearchableGrant {
  readonly grant: ReportGrant;
  readonly text: string;
}

export const searchable = (grant: ReportGrant): SearchableGrant => ({
  grant,
  text: Object.values({ ...grant, url: s3Url(grant.location ?? '') })
    .join('\n')
    .toLowerCase(),
});

export const matching = (rows: readonly SearchableGrant[], query: GrantQuery): readonly ReportGrant[] => {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const asked = (wanted: string, value: string | undefined) => wanted === '' || wanted === value;
  return rows
    .filter(
      ({ grant, text }) =>
        asked(query.state, grant.state) &&
        asked(query.bucket, grant.bucket) &&
        asked(query.consumerProject, grant.consumerProject) &&
        asked(query.owningProject, grant.owningProject) &&
        words.every((word) => text.includes(word)),
    )
    .map(({ grant }) => grant);
};

/** Values that a filter offers, with what they are called and how many rows have them, by name. */
export interface FilterChoice {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

const counted = (pairs: readonly (readonly [value: string | undefined, label: string])[]): readonly FilterChoice[] => {
  const choices = new Map<string, { label: string; count: number }>();
  for (const [value, label] of pairs) {
    if (value === undefined) continue;
    const { label: known = value, count = 0 } = choices.get(value) ?? {};
    // A project's name is not known to every row of its own; where one knows it, the filter says it.
    choices.set(value, { label: label === value ? known : label, count: count + 1 });
  }
  return [...choices]
    .map(([value, choice]) => ({ value, ...choice }))
    .sort((one, other) => (one.label.toLowerCase() < other.label.toLowerCase() ? -1 : 1));
};

/** What each filter offers. */
export const filterChoices = (grants: readonly ReportGrant[]) => ({
  state: counted(grants.map(({ state }) => [state, state])),
  bucket: counted(grants.map(({ bucket }) => [bucket, bucket ?? ''])),
  consumerProject: counted(grants.map((grant) => [grant.consumerProject, projectLabel(grant.consumerProject, grant.consumerProjectName)])),
  owningProject: counted(grants.map((grant) => [grant.owningProject, projectLabel(grant.owningProject, grant.owningProjectName)])),
});
