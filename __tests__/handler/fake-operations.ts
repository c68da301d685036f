import type { DeploymentState } from '../../handler/core/ledger/deployment-state';
import type { ReconcileState } from '../../handler/core/ledger/reconcile-state';
import type { RequestRecord } from '../../handler/core/ledger/request-record';
import type { Operations } from '../../handler/ports';
import { copy, type FakeState } from './fake-state';

/** The ledger's single items in memory. */
export const fakeOperations = (world: FakeState): Operations => {
  const read = <Document extends { readonly revision: number }>(name: string) =>
    world.call(`operations.${name.split(' ')[0]}`, [name], () => {
      const corrupted = world.corrupted.get(name);
      if (corrupted !== undefined) throw corrupted;
      return world.documents.get(name) as Document | undefined;
    });
  const save = (name: string, document: { readonly revision: number }) =>
    world.call(`operations.save ${name.split(' ')[0]}`, [document], () => {
      if ((world.documents.get(name)?.revision ?? 0) !== document.revision - 1) return false;
      world.documents.set(name, copy(document));
      return true;
    });
  return {
    deployment: () => read<DeploymentState>('deployment'),
    saveDeployment: (state) => save('deployment', state),
    reconcile: () => read<ReconcileState>('reconcile'),
    saveReconcile: (state) => save('reconcile', state),
    saveApproved: ({ run, part, ids }) =>
      world.call('operations.saveApproved', [run, part, ids], () => {
        world.approved.set(part, { run, ids: [...ids] });
        return part + 1;
      }),
    approved: (run) =>
      world.call(
        'operations.approved',
        [run],
        () => new Set([...world.approved.values()].filter((part) => part.run === run).flatMap(({ ids }) => ids)),
      ),
    request: (id) => read<RequestRecord>(`request ${id}`),
    saveRequest: (record) => save(`request ${record.request.id}`, record),
    savePlan: ({ request, part, lines }) =>
      world.call('operations.savePlan', [request, part], () => {
        world.plans.set(`${request} ${part}`, copy(lines));
        return part + 1;
      }),
    recordDeliveryTest: (test) =>
      world.call('operations.recordDeliveryTest', [test], () => {
        world.documents.set('delivery test', { ...test, revision: 1 });
      }),
  };
};
