import { isolates } from './offence';
import { INHERITED_NAMES, liveOffender, naming, newOffender } from './offenders';

const ALL = 'every property name of Object.prototype as a principal';

isolates(liveOffender(ALL, naming(INHERITED_NAMES)));
isolates(newOffender(ALL, INHERITED_NAMES));
isolates(liveOffender("'__proto__' as a principal", naming(['__proto__'])));
