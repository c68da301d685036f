import * as z from 'zod';

export type Block = Readonly<Record<string, unknown>>;
const block = z.record(z.string(), z.unknown());

/** A stack's resources: type → local name → arguments. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

export type Place = { readonly account: string; readonly region: string; readonly partition: string };

/** The unique id of a role or user that exists, by its ARN. */
type UniqueIds = (arn: string) => string | undefined;

type Values = { readonly name: string; readonly path: string; readonly place: Place; readonly uniqueIdOf: UniqueIds };
type Attributes = (values: Values) => Readonly<Record<string, string>>;

const regional =
  (service: string, resource: (name: string) => string): Attributes =>
  ({ name, place: { account, region, partition } }) => ({
    name,
    id: name,
    arn: `arn:${partition}:${service}:${region}:${account}:${resource(name)}`,
  });

const iam =
  (kind: string): Attributes =>
  ({ name, path, place: { account, partition }, uniqueIdOf }) => {
    const arn = `arn:${partition}:iam::${account}:${kind}${path}${name}`;
    const uniqueId = uniqueIdOf(arn);
    return { name, id: kind === 'policy' ? arn : name, arn, ...(uniqueId === undefined ? {} : { unique_id: uniqueId }) };
  };

/** What Terraform knows of a resource once it is created, for the types whose attributes stacks refer to. */
const ATTRIBUTES: Readonly<Record<string, { readonly nameArgument: string; readonly of: Attributes }>> = {
  aws_iam_role: { nameArgument: 'name', of: iam('role') },
  aws_iam_user: { nameArgument: 'name', of: iam('user') },
  aws_iam_policy: { nameArgument: 'name', of: iam('policy') },
  aws_dynamodb_table: { nameArgument: 'name', of: regional('dynamodb', (name) => `table/${name}`) },
  aws_cloudwatch_event_rule: { nameArgument: 'name', of: regional('events', (name) => `rule/${name}`) },
  aws_cloudwatch_log_group: { nameArgument: 'name', of: regional('logs', (name) => `log-group:${name}`) },
  aws_scheduler_schedule: { nameArgument: 'name', of: regional('scheduler', (name) => `schedule/default/${name}`) },
  aws_sns_topic: { nameArgument: 'name', of: regional('sns', (name) => name) },
  aws_lambda_function: {
    nameArgument: 'function_name',
    of: (values) => {
      const { name, arn } = regional('lambda', (one) => `function:${one}`)(values);
      return { function_name: name ?? '', id: name ?? '', arn: arn ?? '' };
    },
  },
  aws_sqs_queue: {
    nameArgument: 'name',
    of: (values) => {
      const { account, region } = values.place;
      const url = `https://sqs.${region}.amazonaws.com/${account}/${values.name}`;
      return { ...regional('sqs', (one) => one)(values), id: url, url };
    },
  },
};

const EXPRESSION = /\$\$\{|\$\{([^{}]*)\}/g;
const REFERENCE = /^([a-z0-9_]+)\.([\w-]+)\.(\w+)$/;

/** Resolves what one stack's texts refer to, within that stack. */
export class References {
  constructor(
    private readonly resources: Resources,
    private readonly place: Place,
    private readonly uniqueIdOf: UniqueIds,
  ) {}

  /**
   * The text with its references replaced; `$${` is Terraform's way to write `${`.
   * @throws Error for any other expression, naming it: a function, a variable, a resource that the stack does not have.
   */
  text(value: unknown): string {
    if (typeof value !== 'string') throw new Error(`expected text, found ${JSON.stringify(value)}`);
    return value.replaceAll(EXPRESSION, (whole, expression: string | undefined) =>
      expression === undefined ? '${' : this.attribute(expression, whole),
    );
  }

  optional(value: unknown): string | undefined {
    return value === undefined || value === null ? undefined : this.text(value);
  }

  private attribute(expression: string, whole: string): string {
    const [, type = '', name = '', attribute = ''] = REFERENCE.exec(expression) ?? [];
    const target = this.resources[type]?.[name];
    const value = target === undefined ? undefined : this.attributesOf(type, target)[attribute];
    if (value === undefined) throw new Error(`the local AWS cannot resolve '${whole}': no such attribute of a resource in this stack`);
    return value;
  }

  /** Name, ARN and what else a resource is known by. */
  attributesOf(type: string, resource: Block): Readonly<Record<string, string>> {
    const known = ATTRIBUTES[type];
    if (known === undefined) throw new Error(`the local AWS knows no attributes of ${type}`);
    const { place, uniqueIdOf } = this;
    return known.of({ name: this.text(resource[known.nameArgument]), path: this.optional(resource['path']) ?? '/', place, uniqueIdOf });
  }
}

/** A block, which Terraform's JSON writes as an object or as a list of one; undefined if there is none. */
export const blockOf = (value: unknown): Block | undefined => {
  const given: unknown = Array.isArray(value) ? value[0] : value;
  return given === undefined || given === null ? undefined : block.parse(given);
};

export const blocksOf = (value: unknown): readonly Block[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value.map((one) => block.parse(one)) : [block.parse(value)];
