import type { Place } from '../../../modules/naming';
import type { Statement } from '../../../modules/policy-document';
import type { Attributes, StackView } from './stack-view';

/** What creating, reading, changing and deleting a resource asks of IAM. */
export interface Need {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Statement['Condition'];
}

/** The needs of one resource of a type. */
export type Needs = (attributes: Attributes, view: StackView) => readonly Need[];

/** Needs by type of resource. */
export type NeedsByType = Readonly<Record<string, Needs>>;

/** What tagging takes in most services. */
export const TAGGING = 'ListTagsForResource TagResource UntagResource';

/** Actions of a service, written with spaces between them. */
export const actions = (service: string, names: string): readonly string[] => names.split(' ').map((name) => `${service}:${name}`);

/** ARN of a resource of an account and Region. */
export const regional = ({ partition, region, account }: Place, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** Needs of a resource whose ARN ends in its name. */
export const named =
  (service: string, names: string, resource: (name: string) => string, attribute = 'name'): Needs =>
  (attributes, { place, text }) => [
    { actions: actions(service, names), resources: [regional(place, service, resource(text(attributes, attribute)))] },
  ];

/** The right to hand a role to a service, which does what the role may. */
export const passRole = (service: string, roles: readonly string[]): Need => ({
  actions: ['iam:PassRole'],
  resources: roles,
  condition: { StringEquals: { 'iam:PassedToService': service } },
});

/** What has no resource in IAM's eyes is narrowed to a Region. */
export const inRegion = ({ region }: Place, names: readonly string[]): Need => ({
  actions: names,
  resources: ['*'],
  condition: { StringEquals: { 'aws:RequestedRegion': region } },
});

/** What whoever has a service encrypt with a customer's key must be allowed on that key: nothing where the key is made in the same stack. */
export const useOfKey = (service: string, key: string, { place }: StackView): readonly Need[] =>
  key.startsWith('arn:')
    ? [
        {
          actions: actions('kms', 'CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey'),
          resources: [key],
          condition: { StringEquals: { 'kms:ViaService': `${service}.${place.region}.amazonaws.com` } },
        },
      ]
    : [];
