/**
 * Takes the place of the SDK's default credential chain in the bundle: every client of the function is given its credentials, so
 * that the chain (profiles, SSO, instance metadata: a tenth of the bundle) is never asked. Whoever forgets to give them learns it here.
 */
export const defaultProvider = (): never => {
  throw new Error('a client of the function was made without credentials; make it with clientSettings()');
};
