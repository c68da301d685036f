import { terraform, type Workspace } from './workspace';

/** A JSON attribute of an applied resource, parsed, and where it is, without modules: `aws_iam_role.editor.assume_role_policy`. */
export interface AppliedDocument {
  readonly attribute: string;
  readonly content: unknown;
}

/** Everything that is in a workspace's state. */
const resourcesOf = async (workspace: Workspace): Promise<readonly Resource[]> => {
  const state: { resources: readonly Resource[] } = JSON.parse(await terraform(workspace, ['state', 'pull']));
  return state.resources;
};

/** What was made of an applied resource, in whichever module, by its type and name. */
export const appliedAttributes = async (
  workspace: Workspace,
  type: string,
  name: string,
): Promise<Resource['instances'][number]['attributes']> => {
  const [only] = (await resourcesOf(workspace))
    .filter((one) => one.type === type && one.name === name)
    .flatMap(({ instances }) => instances);
  if (!only) throw new Error(`${workspace.name} has applied no ${type}.${name}`);
  return only.attributes;
};

/** The documents of everything applied in a workspace, in an order that depends on nothing but them. */
export const appliedDocuments = async (workspace: Workspace): Promise<readonly AppliedDocument[]> => {
  const documents = (await resourcesOf(workspace)).flatMap(documentsOf);
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
