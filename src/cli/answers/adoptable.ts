import { type Access, accessesOf, type Grant, isLive } from '../../../handler/core/grant/grant';
import { contains, locationArn } from '../../../handler/core/grant/location';
import type { Statement } from '../../../handler/core/policy/policy-document';
import { awsPrincipals, isDeadPrincipal } from '../../../handler/core/policy/policy-equality';
import { accessesIn } from '../../../handler/core/policy/statement-access';

/** A hand-written statement that grants of ours make superfluous, wholly or in part. */
export interface Adoptable {
  readonly statement: Statement;
  /** What it gives that a grant of ours gives too. */
  readonly covered: readonly { readonly principal: string; readonly location: string; readonly subscription: string }[];
  /** What would be lost with it. */
  readonly only: readonly { readonly principal: string; readonly location: string }[];
}

const list = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');

/** Elements of a statement that says no more than who may read what. */
const PLAIN = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition']);

/** A statement of the kind that we write, but by hand: it lets roles and users read places, and nothing else. */
const reads = (statement: Statement): boolean =>
  statement['Effect'] === 'Allow' &&
  Object.keys(statement).every((element) => PLAIN.has(element)) &&
  statement['Condition'] === undefined &&
  list(statement['Action']).every((action) => action === 's3:GetObject') &&
  awsPrincipals(statement).every((principal) => principal.startsWith('arn:') || isDeadPrincipal(principal)) &&
  accessesIn([statement]).length > 0;

/** Hand-written read statements, and which of what they give is a grant of ours too. */
export const adoptable = (foreign: readonly Statement[], grants: readonly Grant[]): readonly Adoptable[] => {
  const ours = grants.flatMap((grant) => accessesOf(grant, isLive).map((access) => ({ ...access, subscription: grant.subscriptionId })));
  const coveredBy = (access: Access) => ours.find((own) => own.principal === access.principal && contains(own.location, access.location));
  return foreign.filter(reads).flatMap((statement) => {
    const accesses = accessesIn([statement]);
    const covered = accesses.flatMap((access) => {
      const by = coveredBy(access);
      return by === undefined
        ? []
        : [{ principal: access.principal, location: locationArn(access.location), subscription: by.subscription }];
    });
    const only = accesses
      .filter((access) => coveredBy(access) === undefined)
      .map(({ principal, location }) => ({ principal, location: locationArn(location) }));
    return covered.length === 0 ? [] : [{ statement, covered, only }];
  });
};
