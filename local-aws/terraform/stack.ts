import * as z from 'zod';
import type { Identities } from '../identities';
import { type Block, blocksOf, type Place, References, type Resources } from './references';

const stackJson = z.looseObject({
  resource: z._default(z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))), {}),
  provider: z.optional(z.looseObject({ aws: z.optional(z.unknown()) })),
});

/** A synthesized stack, ready to be read. */
export type Stack = {
  readonly place: Place;
  readonly references: References;
  /** All resources of a type, without those repeated by count or for_each, which are refused. */
  readonly all: (type: string) => readonly Block[];
  readonly types: readonly string[];
};

const partitionOf = (region: string): string => (region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws');

const placeOf = (provider: unknown, given: Partial<Pick<Place, 'account' | 'region'>>): Place => {
  const [aws = {}] = blocksOf(provider);
  const allowed = z.optional(z.array(z.string())).parse(aws['allowed_account_ids']);
  const account = given.account ?? allowed?.[0];
  const region = given.region ?? z.optional(z.string()).parse(aws['region']);
  if (account === undefined || !/^\d{12}$/.test(account))
    throw new Error('the stack names no account; set allowed_account_ids on its provider, or pass account');
  if (region === undefined) throw new Error('the stack names no Region; set it on its provider, or pass region');
  return { account, region, partition: partitionOf(region) };
};

/**
 * Reads the object in `cdk.tf.json`; references to a role's unique id are those of `identities`, once the role is there.
 * @throws Error where account or Region are unknown or a resource is repeated
 */
export const readStack = (json: unknown, identities: Identities, given: Partial<Pick<Place, 'account' | 'region'>> = {}): Stack => {
  const { resource, provider } = stackJson.parse(json);
  const resources: Resources = resource;
  const place = placeOf(provider?.aws, given);
  return {
    place,
    references: new References(resources, place, (arn) => identities.byArn.get(arn)?.uniqueId),
    types: Object.keys(resources),
    all: (type) =>
      Object.entries(resources[type] ?? {}).map(([name, block]) => {
        if ('for_each' in block || 'count' in block)
          throw new Error(`${type}.${name} is repeated; the local AWS loads concrete stacks only`);
        return block;
      }),
  };
};
