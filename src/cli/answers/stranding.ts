import { isLive } from '../../../handler/core/grant/grant';
import { locationArn } from '../../../handler/core/grant/location';
import { publishable, type Registry } from '../../../handler/core/subscription/registry';
import type { BucketReading } from '../reading';

/** What a deployment file, once applied, would do to a grant that lives now. */
export interface Consequence {
  /** `stranded`: nobody may take it away any more. `revoked`: it is taken away. `closed`: it stays, and nobody new is let in. */
  readonly kind: 'stranded' | 'revoked' | 'closed';
  readonly bucket: string;
  readonly location: string;
  readonly subscription: string;
  readonly principals: readonly string[];
  readonly why: string;
}

/** Live grants that a registry would strand, revoke or close, compared with the one that is deployed. */
export const consequencesOf = (planned: Registry, buckets: readonly BucketReading[]): readonly Consequence[] =>
  buckets.flatMap(({ name, registered, grants }) =>
    grants.flatMap(({ grant }): readonly Consequence[] => {
      const principals = grant.principals.filter(isLive).map(({ arn }) => arn);
      if (principals.length === 0) return [];
      const common = { bucket: name, location: locationArn(grant.location), subscription: grant.subscriptionId, principals };
      const next = planned.buckets.get(name);
      if (next === undefined)
        return [
          {
            kind: 'stranded',
            ...common,
            why: `the file does not list bucket '${name}'; list it with state: retiring until its grants are gone`,
          },
        ];
      if (registered !== undefined && next.account !== registered.account)
        return [
          { kind: 'stranded', ...common, why: `the file moves bucket '${name}' from account ${registered.account} to ${next.account}` },
        ];
      if (next.state === 'retiring') return [{ kind: 'revoked', ...common, why: `the file retires bucket '${name}'` }];
      const placed = publishable(grant.location, { owningProject: grant.owningProject, registry: planned });
      return 'kind' in placed ? [{ kind: 'closed', ...common, why: placed.message }] : [];
    }),
  );
