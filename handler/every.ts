/** Like `Promise.all`, but it rejects only when all are settled: what it waits for is never left in flight. */
export const every = async <Promises extends readonly unknown[] | []>(
  promises: Promises,
): Promise<{ -readonly [Key in keyof Promises]: Awaited<Promises[Key]> }> => {
  await Promise.allSettled(promises);
  return Promise.all(promises);
};
