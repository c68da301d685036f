import type { HistoryRecord } from '../../../handler/core/ledger/history-record';
import { printableJson } from '../../../handler/core/printable';
import { canonicalJson, sha256 } from './canonical-json';
import type { ReportGrant } from './report-data';

/** What a file of evidence is about. Times are ISO 8601 in UTC; both ends of the period belong to it. */
export interface EvidenceSubject {
  readonly deployment: string;
  readonly bucket: string;
  readonly from: string;
  readonly to: string;
  readonly generatedAt: string;
}

/** `change`: a verified change of the bucket's policy. `grant`: a principal's grant as it stood when the file was made. */
export const EVIDENCE_KINDS = ['header', 'change', 'grant', 'total'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Version of the lines' shape, in the header. */
export const EVIDENCE_FORMAT = 1;

/** What the first line names as the hash of the one before it. */
export const NO_LINE = '0'.repeat(64);

/** What a line's hash is made of; `sha256` stands for the content. */
export interface Link {
  readonly line: number;
  readonly kind: EvidenceKind;
  readonly previous: string;
  readonly sha256: string;
}

/** SHA-256 of a link's canonical JSON: with the previous line's hash in it, it stands for all lines so far. */
export const linkHash = ({ line, kind, previous, sha256: content }: Link): string =>
  sha256(canonicalJson({ line, kind, previous, sha256: content }));

/** A file of evidence: its lines, and the hash of the last one, which whoever keeps it can hold the file against later. */
export interface Evidence {
  readonly lines: readonly string[];
  readonly head: string;
  readonly changes: number;
  readonly grants: number;
}

/**
 * Puts a bucket's changes in a period, and its grants, into JSON Lines that prove by themselves that none was altered, dropped, added
 * or moved. `changes` may hold others than the period's; grants that began after its end are left out. A hash covers canonical JSON;
 * a line shows it with misleading characters escaped, so that printing the file is safe.
 */
export const evidenceLines = (
  subject: EvidenceSubject,
  records: { readonly changes: readonly HistoryRecord[]; readonly grants: readonly ReportGrant[] },
): Evidence => {
  const [from, to] = [Date.parse(subject.from), Date.parse(subject.to)];
  const changes = records.changes
    .filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= to)
    .sort((one, other) => one.version - other.version);
  const grants = records.grants.filter(({ since }) => Date.parse(since) <= to);
  const lines: string[] = [];
  let previous = NO_LINE;
  const add = (kind: EvidenceKind, content: unknown): void => {
    const link: Link = { line: lines.length + 1, kind, previous, sha256: sha256(canonicalJson(content)) };
    previous = linkHash(link);
    lines.push(printableJson(canonicalJson({ ...link, content, hash: previous })));
  };
  add('header', { format: EVIDENCE_FORMAT, ...subject });
  for (const change of changes) add('change', change);
  for (const grant of grants) add('grant', grant);
  add('total', { changes: changes.length, grants: grants.length, head: previous });
  return { lines, head: previous, changes: changes.length, grants: grants.length };
};
