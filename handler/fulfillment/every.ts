/** Like `Promise.all`, but it rejects only when all are settled: what it waits for is never left in flight. */
export const every = async <Value>(promises: Iterable<Promise<Value>>): Promise<readonly Value[]> => {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
};
