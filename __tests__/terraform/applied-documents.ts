import { terraform, type Workspace } from './workspace';

/** A JSON attribute of an applied resource, parsed, and where it is, without modules: `aws_iam_role.editor.assume_role_policy`. */
export interface AppliedDocument {
  readonly attribute: string;
  readonly content: unknown;
}

/** The documents of everything applied in some workspaces, in an order that depends on nothing but them. */
export const appliedDocuments = async (workspaces: readonly Workspace[]): Promise<readonly AppliedDocument[]> => {
  const documents: AppliedDocument[] = [];
  for (const workspace of workspaces) {
    const state: { resources: readonly Resource[] } = JSON.parse(await terraform(workspace, ['state', 'pull']));
    documents.push(...state.resources.flatMap(documentsOf));
  }
  return documents
    .map((document) => ({ document, key: JSON.stringify(document) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ document }) => document);
};

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
}

const DOCUMENTS = ['assume_role_policy', 'dashboard_body', 'event_pattern', 'item', 'policy', 'template_body'];

const documentsOf = ({ type, name, instances }: Resource): readonly AppliedDocument[] =>
  instances.flatMap(({ attributes }) =>
    DOCUMENTS.flatMap((attribute) => {
      const text = attributes[attribute];
      return typeof text === 'string' && text !== '' ? [{ attribute: `${type}.${name}.${attribute}`, content: parsed(text) }] : [];
    }),
  );

/** JSON in JSON is parsed too, and keys are sorted: their order means nothing. */
const parsed = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'string' && value.startsWith('{')) return parsed(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
