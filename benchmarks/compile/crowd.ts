import { grantKey } from '../../handler/core/grant/grant';
import { planPolicy } from '../../handler/core/policy/policy-plan';
import { grantsOf, NAMESPACE } from '../capacity/product';
import { BUCKET, projectApprovals } from '../capacity/scenarios';

/** Plans a policy from nothing with all grants waiting: admission, compilation and merge. */
export const planOf = (grants: ReturnType<typeof grantsOf>) => {
  const plan = planPolicy({
    bucket: BUCKET,
    namespace: NAMESPACE,
    head: undefined,
    grants,
    candidates: new Set(grants.map(grantKey)),
    unknownPrincipals: new Set(),
    document: undefined,
    now: new Date(Date.UTC(2026, 6, 1)),
  });
  return { admitted: grants.length - plan.left.size };
};

/** As many grants as asked for, of roles and places that nobody shares: most of them must be refused. */
export const crowd = (count: number) =>
  grantsOf(
    Array.from({ length: count }, (_, index) =>
      (projectApprovals('folder')[0] ?? []).slice(0, 1).map(({ role, place }) => ({
        role: `${role.slice(0, -6)}${String(index).padStart(6, '0')}`,
        place: { ...place, path: `crowd-${String(index).padStart(6, '0')}/` },
      })),
    ),
  );

/** How often a plan looks at the places of its grants: a count of its work that is the same on every machine. */
export const looksOf = (count: number): number => {
  let looks = 0;
  const grants = crowd(count).map((grant) => {
    const { path, ...place } = grant.location;
    const location = {
      ...place,
      get path() {
        looks += 1;
        return path;
      },
    };
    return { ...grant, location };
  });
  planOf(grants);
  return looks;
};
