import type { Patch } from './patch';
import { CALLS } from './patches/calls';
import { DECIDING } from './patches/deciding';
import { WRITING } from './patches/writing';

/** Every breakage; whoever survives shows a promise that no test holds. */
export const PATCHES: readonly Patch[] = [...WRITING, ...CALLS, ...DECIDING];
