import type { FailedUnit } from '../../../handler/core/ledger/unit-failure';

/** Returns the name of a unit of work, as sentences have it. */
export const unitText = (unit: FailedUnit): string => {
  switch (unit.kind) {
    case 'subscription':
      return `subscription '${unit.id}'`;
    case 'bucket':
      return `bucket '${unit.name}'`;
    case 'deployment':
      return `the deployment's own item '${unit.name}'`;
    default:
      return unit satisfies never;
  }
};
