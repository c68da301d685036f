import { isolates, type Offence } from './offence';
import { INHERITED_NAMES, liveOffender, naming, newOffender, rename } from './offenders';
import { SHARED } from './world';

const CONTROL = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('');
const SURROGATES = ['\ud800', '\udfff', 'half\udc00way'];
/** Others than the offender, for each way. The number decides nothing here. */
const FEW = { size: 10 };

isolates(liveOffender('an empty principal', naming([''])), FEW);
isolates(newOffender('control characters and lone surrogates as principals', [CONTROL, ...SURROGATES]), FEW);

const LONGEST_REASON = 4_096;
const LONGEST_NAME = 256;
const NAMES = [...INHERITED_NAMES, CONTROL, SURROGATES.join(''), 'n'.repeat(LONGEST_NAME), ''];

const names: Offence = {
  name: 'odd names and reasons of projects, targets, listings, assets and requests',
  prepare: async (world) => {
    const [bucket] = SHARED;
    const made = NAMES.map(() => world.domain.approve(world.consumer(), world.publish(bucket)));
    await world.work();
    return () => {
      for (const [index, one] of made.entries()) {
        const name = NAMES[index] ?? '';
        rename(world, one, { name, reason: name.padEnd(LONGEST_REASON, name === '' ? ' ' : name) });
        world.repeatEvent(one);
      }
    };
  },
};

isolates(names, FEW);
