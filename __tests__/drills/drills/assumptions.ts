import { assumptions } from '../../../src/assumptions/assumptions';
import type { Drill } from '../drill';
import type { World } from '../world';

/** Without this, no session of an editor role can be had, and nothing can be granted: whoever is let in then is a leak. */
const SHUTS_OUT: readonly string[] = ['resource-account-of-assume-role'];

/** Approvals and revocations, a role that S3 learns of late, an owner's statement, events that come twice. */
const story = async (world: World): Promise<void> => {
  const { domain } = world;
  world.ownerPuts('acme-raw', {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Owners', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::acme-raw/*' }],
  });
  const made = Array.from({ length: 4 }, () => domain.subscribe());
  await world.work();
  const [first, second] = made;
  if (first !== undefined) domain.end(first);
  await world.work();
  domain.subscribe();
  await world.settle();
  if (second !== undefined) domain.end(second);
};

/** What is assumed of live AWS and may be otherwise, each taken otherwise: nothing is lost, leaked or false for it. */
export const ASSUMPTIONS: readonly Drill[] = assumptions.flatMap((assumption): readonly Drill[] => {
  if (!('setting' in assumption)) return [];
  const { id, setting } = assumption;
  return [
    {
      name: `AWS does otherwise than assumed: ${id}`,
      unverified: { [setting.name]: setting.otherwise },
      act: async (world) => {
        if (SHUTS_OUT.includes(id)) world.judge.expects = () => 'shut out';
        await story(world);
        await world.work();
        // What nobody may look at cannot be proven gone, and is not said to be.
        if (SHUTS_OUT.includes(id)) world.judge.excusePending();
      },
    },
  ];
});
