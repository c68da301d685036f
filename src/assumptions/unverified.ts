import { assumptions } from './assumptions';

type Flippable = Extract<(typeof assumptions)[number], { readonly setting: unknown }>['setting'];

/** How the double takes what can be taken two ways: the name of each setting, and its two values. */
export type Unverified = {
  readonly [Name in Flippable['name']]: Extract<Flippable, { readonly name: Name }>['assumed' | 'otherwise'];
};

/** Every setting as it is assumed. */
export const asAssumed = (): Unverified => {
  const settings = assumptions.flatMap((one) => ('setting' in one ? [[one.setting.name, one.setting.assumed] as const] : []));
  return Object.fromEntries(settings) as Unverified;
};
