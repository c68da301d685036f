/**
 * Something about live AWS that its documentation does not say, or only implies, and that this product, or the double of AWS it is
 * tried on, had to take one way. `setting`: how the double is told to take it the other way; without one it cannot.
 */
export type Assumption = {
  /** Kebab-case; what other files refer to. */
  readonly id: string;
  /** A sentence that is true or false of AWS. */
  readonly assumed: string;
  /** What of ours depends on it, and what happens if it is wrong. */
  readonly matters: string;
  /** What to do in a real account, and what to look at. */
  readonly observe: string;
  readonly setting?: { readonly name: string; readonly assumed: string; readonly otherwise: string };
};
