import { isolates } from './offence';

// The control of all other tests here: without an offence nothing else keeps the others from being served.
isolates({ name: 'no offence', prepare: async () => () => undefined });
