/** Makes something once, at its first use. What is not needed for the first call is made while that call is under way: no cold start waits for it. */
export const lazily = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
