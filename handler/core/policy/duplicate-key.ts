/** A string, with the colon after it if it is a key; or the beginning or end of an object. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g;

/**
 * Returns the first key that an object holds twice, at any depth and however it is escaped; `undefined` if there is none.
 * `JSON.parse` keeps only the last of two equal keys, so a document with both cannot be written back unchanged.
 * @param json text that `JSON.parse` accepts
 */
export const duplicateKey = (json: string): string | undefined => {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of json.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (string !== undefined && colon !== undefined) {
      const key: string = JSON.parse(string);
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
};
