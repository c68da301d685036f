import * as z from 'zod';
import { printableJson } from '../../../handler/core/printable';
import { canonicalJson, sha256 } from './canonical-json';
import { EVIDENCE_FORMAT, EVIDENCE_KINDS, type EvidenceSubject, linkHash, NO_LINE } from './evidence';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

const evidenceLine = z.strictObject({
  line: z.number(),
  kind: z.enum(EVIDENCE_KINDS),
  // The value as parsed: a record schema drops a member called `__proto__`, and the hash would not cover it.
  content: z.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  previous: hash,
  sha256: hash,
  hash,
});
type EvidenceLine = z.output<typeof evidenceLine>;

const header = z.strictObject({
  format: z.literal(EVIDENCE_FORMAT),
  deployment: z.string(),
  bucket: z.string(),
  from: z.string(),
  to: z.string(),
  generatedAt: z.string(),
});

const total = z.strictObject({ changes: z.number(), grants: z.number(), head: hash });

/** What a file was found to be: whole, with what it is about; or not, with the first line that does not hold. */
export type Verification =
  | { readonly kind: 'whole'; readonly subject: EvidenceSubject; readonly changes: number; readonly grants: number; readonly head: string }
  | { readonly kind: 'broken'; readonly line: number; readonly message: string };

/**
 * Holds a file of evidence against its own hashes: every line's content, the chain, the kinds' order and the total. That somebody did
 * not write the whole file anew is proved only against `head`, the last line's hash as it was told when the file was made.
 */
export const verifyEvidence = (text: string, { head }: { readonly head?: string | undefined } = {}): Verification => {
  const texts = text.split('\n');
  if (texts.at(-1) === '') texts.pop();
  const lines: EvidenceLine[] = [];
  for (const [index, line] of texts.entries()) {
    const read = readLine(line);
    const message = typeof read === 'string' ? read : faultOf(read, lines);
    if (message !== undefined) return { kind: 'broken', line: index + 1, message };
    if (typeof read !== 'string') lines.push(read);
  }
  return conclude(lines, head);
};

const readLine = (text: string): EvidenceLine | string => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is no JSON';
  }
  const parsed = evidenceLine.safeParse(value);
  if (!parsed.success) return 'is not of the shape of a line of evidence';
  // Of a key that stands twice in one object, only one is left in `value`: the texts differ.
  return printableJson(canonicalJson(value)) === text ? parsed.data : 'is not in canonical form: it was written again by something else';
};

const ORDER: Readonly<Record<(typeof EVIDENCE_KINDS)[number], number>> = { header: 0, change: 1, grant: 2, total: 3 };

const faultOf = (line: EvidenceLine, before: readonly EvidenceLine[]): string | undefined => {
  const last = before.at(-1);
  if (line.sha256 !== sha256(canonicalJson(line.content))) return 'has another content than its SHA-256 stands for: it was altered';
  if (line.line !== before.length + 1) return `calls itself line ${line.line}: lines were dropped, added or moved before it`;
  if (line.previous !== (last?.hash ?? NO_LINE)) return 'does not follow the line before it: lines were dropped, added or moved';
  if (line.hash !== linkHash(line)) return 'has another hash than its content and the line before it give';
  if (line.kind === 'header' ? last !== undefined : last === undefined) return 'is no header, or not the only one';
  if (last?.kind === 'total') return 'stands after the total';
  if (last !== undefined && ORDER[line.kind] < ORDER[last.kind]) return `is a ${line.kind} after a ${last.kind}`;
  return undefined;
};

const conclude = (lines: readonly EvidenceLine[], head: string | undefined): Verification => {
  const [first, last] = [lines.at(0), lines.at(-1)];
  const broken = (message: string): Verification => ({ kind: 'broken', line: Math.max(1, lines.length), message });
  if (first === undefined || last?.kind !== 'total') return broken('is not the total: the end of the file is missing');
  const subject = header.safeParse(first.content);
  if (!subject.success) return { kind: 'broken', line: 1, message: 'is no header of a format that this version reads' };
  const sums = total.safeParse(last.content);
  const counted = (kind: string) => lines.filter((line) => line.kind === kind).length;
  const [changes, grants] = [counted('change'), counted('grant')];
  if (!sums.success || sums.data.changes !== changes || sums.data.grants !== grants || sums.data.head !== last.previous)
    return broken(`gives another total than the file has: ${changes} changes and ${grants} grants`);
  if (head !== undefined && head !== last.hash) return broken(`has the hash ${last.hash}, and the file was made with ${head}`);
  const { format: _, ...about } = subject.data;
  return { kind: 'whole', subject: about, changes, grants, head: last.hash };
};
