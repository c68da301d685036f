import type { DueKind } from '../../handler/ports';
import { Crowd, defect, ODD, OTHERS } from './crowd';

const [ended, approved] = [0, 1].map((rest) => OTHERS.filter((_, index) => index % 2 === rest));

/** A crowd whose work is scheduled, since no policy could be read. */
const scheduled = async (): Promise<Crowd> => {
  const crowd = await Crowd.gather({ odd: 'ended' });
  crowd.fail(['readPolicy']);
  await crowd.world.deliver(...crowd.messages);
  crowd.mend();
  return crowd;
};

describe('an unexpected exception in a sweep', () => {
  const KINDS: readonly (readonly [DueKind, readonly string[]])[] = [
    ['revoke', [...(ended ?? []), ODD]],
    ['grant', approved ?? []],
    ['confirm', []],
    ['failure', []],
  ];

  test.each(KINDS)('while it reads work of kind %s leaves the other kinds done', async (kind, left) => {
    const crowd = await scheduled();
    const { world } = crowd;
    world.interfere = ({ name, args }) => (name === 'ledger.due' && args[0] === kind ? defect() : undefined);
    expect(await crowd.sweep(2)).toEqual([]);
    expect(crowd.unserved).toEqual(left);
    expect(crowd.failures).toEqual([`deployment#scheduled work of kind ${kind} defect`]);
    expect(world.gauges['failedUnits']).toBe(1);
    crowd.mend();
    await crowd.sweep(2);
    await crowd.sweep(2);
    expect(crowd.unserved).toEqual([]);
    expect(crowd.failures).toEqual([]);
  });

  test('in a step of reconcile leaves the scheduled work done, and the run goes on when it is mended', async () => {
    const crowd = await scheduled();
    const { world } = crowd;
    world.interfere = ({ name }) => (name === 'approvedPage' ? defect() : undefined);
    expect(await world.deliver({ kind: 'reconcile', messageId: 'reconcile' })).toEqual([]);
    for (let sweeps = 0; sweeps < 3; sweeps++) expect(await crowd.sweep(2)).toEqual([]);
    expect(crowd.unserved).toEqual([]);
    expect(crowd.failures).toEqual(['deployment#reconcile defect']);
    expect(world.gauges['failedUnits']).toBe(1);
    expect(world.reconciled).toEqual([]);
    crowd.mend();
    await crowd.sweep(2);
    await crowd.sweep(2);
    expect(world.reconciled).toHaveLength(1);
    expect(crowd.failures).toEqual([]);
  });
});
