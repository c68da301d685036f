import * as z from 'zod';
import { type Place, roleArn } from '../../../modules/naming';
import { partitionOf } from '../../deployment/partition';

const attributes = z.record(z.string(), z.unknown());
const synthesizedStack = z.object({
  provider: z.object({ aws: z.array(z.object({ region: z.string(), allowed_account_ids: z.array(z.string()) })) }),
  resource: z.record(z.string(), z.record(z.string(), attributes)),
});

/** Attributes of a resource as a stack's JSON has them. */
export type Attributes = z.infer<typeof attributes>;

/** One stack, by which needs are narrowed. */
export interface StackView {
  readonly place: Place;
  /** Type, then the attributes of every resource of it. */
  readonly resources: readonly (readonly [type: string, attributes: readonly Attributes[]])[];
  /** An attribute that is a text; where it refers to another resource, what that has there. Empty where there is none. */
  readonly text: (attributes: Attributes, name: string) => string;
  /** The first block of an attribute that is one or several; empty where there is none. */
  readonly block: (attributes: Attributes, name: string) => Attributes;
  /** ARNs of a role by its name or ARN: one made in this stack, or else one of that name in any path. */
  readonly roles: (role: string) => readonly string[];
}

const REFERENCE = /^\$\{([a-z0-9_]+)\.([a-z0-9_]+)\.([a-z0-9_]+)\}$/;

/**
 * Reads a stack as it is written to `cdk.tf.json`.
 * @throws Error where it names no Region and account, or refers to an ARN that cannot be computed
 */
export const viewOf = (json: unknown): StackView => {
  const { provider, resource } = synthesizedStack.parse(json);
  const place = placeOf(provider.aws);
  const text = (from: Attributes, name: string): string => {
    const value = from[name];
    if (typeof value !== 'string') return '';
    const [, type = '', id = '', attribute = ''] = REFERENCE.exec(value) ?? [];
    if (type === '') return value;
    const target = resource[type]?.[id] ?? {};
    return attribute === 'arn' ? (arnOf(type, target) ?? unknownArn(value)) : text(target, attribute);
  };
  const regional = (service: string, named: string) => `arn:${place.partition}:${service}:${place.region}:${place.account}:${named}`;
  const arnOf = (type: string, from: Attributes): string | undefined => {
    switch (type) {
      case 'aws_dynamodb_table':
        return regional('dynamodb', `table/${text(from, 'name')}`);
      case 'aws_iam_role':
        return roleArn(place, `${text(from, 'path').replace(/^\//, '')}${text(from, 'name')}`);
      // A key's id is KMS's own; who makes one needs no further right to use it.
      case 'aws_kms_key':
        return '';
      case 'aws_lambda_function':
        return regional('lambda', `function:${text(from, 'function_name')}`);
      default:
        return undefined;
    }
  };
  return {
    place,
    resources: Object.entries(resource).map(([type, byName]) => [type, Object.values(byName)] as const),
    text,
    block: (from, name) => {
      const [block] = [from[name]].flat();
      return typeof block === 'object' && block !== null ? { ...block } : {};
    },
    roles: (role) => {
      if (role.startsWith('arn:')) return [role];
      const made = Object.values(resource['aws_iam_role'] ?? {}).filter((one) => one['name'] === role);
      const arns = made.flatMap((one) => arnOf('aws_iam_role', one) ?? []);
      return arns.length > 0 ? arns : [roleArn(place, role), roleArn(place, `*/${role}`)];
    },
  };
};

const unknownArn = (reference: string): never => {
  throw new Error(`the ARN that ${reference} stands for is not known; add its type to src/build/deploy-policies/stack-view.ts`);
};

const placeOf = ([aws]: z.infer<typeof synthesizedStack>['provider']['aws']): Place => {
  const region = aws?.region ?? '';
  const account = aws?.allowed_account_ids[0];
  const partition = partitionOf(region);
  if (!partition || !account) throw new Error(`a stack's provider has a Region and the one account that it is for, not '${region}'`);
  return { partition, region, account };
};
