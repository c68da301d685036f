import type { Drill } from './drill';
import { ASSUMPTIONS } from './drills/assumptions';
import { BUCKETS } from './drills/buckets';
import { CALLS } from './drills/calls';
import { EVENTS } from './drills/events';
import { GONE } from './drills/gone';
import { OWNERS_DRILLS } from './drills/owners';
import { SCALE } from './drills/scale';

/** Every drill, in the order of the table. */
export const ALL_DRILLS: readonly Drill[] = [...EVENTS, ...CALLS, ...OWNERS_DRILLS, ...GONE, ...BUCKETS, ...SCALE, ...ASSUMPTIONS];
