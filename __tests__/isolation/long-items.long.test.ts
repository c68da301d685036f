import { PRODUCER } from '../drills/deployment';
import { isolates, type Offence } from './offence';
import { addTargets, liveOffender, naming, newOffender } from './offenders';
import { SHARED } from './world';

const TARGETS = 110;
const PRINCIPALS = 20;
/** Of an account whose roles may not be granted access. */
const refused = (target: number) =>
  Array.from({ length: PRINCIPALS }, (_, index) => `arn:aws:iam::999999999999:role/teams/${'x'.repeat(40)}/target-${target}-role-${index}`);

isolates(
  liveOffender(`${TARGETS} targets with ${PRINCIPALS} refused principals each`, (world, made) =>
    addTargets(world, made, { count: TARGETS, principals: refused }),
  ),
);

const LONG = 420_000;
const MEGABYTE = 1_048_576;
isolates(liveOffender(`a principal of ${LONG} characters`, naming(['a'.repeat(LONG)])));
isolates(newOffender('a role ARN of 1 MB', [`arn:aws:iam::444444444444:role/${'r'.repeat(MEGABYTE)}`]));

const ASSETS = 6;
/** A form holds up to 300,000 characters. */
const ARN = 70_000;

const product: Offence = {
  name: `a data product of ${ASSETS} assets whose ARNs have ${ARN} characters, in a new subscription`,
  prepare: async (world) => {
    const [bucket] = SHARED;
    const assets = Array.from({ length: ASSETS }, (_, index) =>
      world.domain.publish({ bucket, prefix: `runs/${index}/${'p'.repeat(ARN)}/` }),
    );
    const listing = world.aws.seed.dataProduct({ projectId: PRODUCER, name: 'images', assetIds: assets.map(({ asset }) => asset) });
    return () => void world.domain.approve(world.consumer(), { listing, asset: '', bucket, prefix: 'runs/' });
  },
};

isolates(product);
