import { BOUNDS } from '../../core/bounds';
import { TransientFailure } from '../../errors';

type Page = { readonly items?: readonly unknown[] | undefined; readonly nextToken?: string | undefined };

const failed = (message: string) => new TransientFailure('unavailable', message);

/** Returns a page's items, and the token of the next page if there is one. */
export const pageOf = (
  { items, nextToken }: Page,
  { what }: { what: string },
): { readonly items: readonly unknown[]; readonly next?: string } => {
  if (!Array.isArray(items)) throw failed(`DataZone answered without the items of a page of ${what}; it is read again`);
  if (nextToken === undefined || nextToken === null || nextToken === '') return { items };
  if (typeof nextToken !== 'string' || nextToken.length > BOUNDS.pageToken)
    throw failed(`DataZone answered with a token that is not one for the next page of ${what}; it is read again`);
  return { items, next: nextToken };
};

/**
 * Reads a list to its last page.
 * @throws TransientFailure if it has more items than `most`, or does not end
 */
export const wholeList = async (
  pages: AsyncIterable<Page>,
  { what, most }: { readonly what: string; readonly most: number },
): Promise<readonly unknown[]> => {
  const read: unknown[] = [];
  const tokens = new Set<string>();
  for await (const page of pages) {
    const { items, next } = pageOf(page, { what });
    read.push(...items);
    if (read.length > most) throw failed(`DataZone lists more than ${most} of ${what}, which is more than is read; remove some of them`);
    if (next === undefined) break;
    if (tokens.has(next)) throw failed(`DataZone answered twice with the same token for the next page of ${what}; it is read again`);
    tokens.add(next);
    if (tokens.size >= BOUNDS.pagesPerList)
      throw failed(`the list of ${what} has more than ${BOUNDS.pagesPerList} pages; it is read again`);
  }
  return read;
};
