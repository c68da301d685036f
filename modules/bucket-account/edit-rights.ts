import { NO_PROJECT } from '../../handler/contract';

/** Buckets that the same projects may publish, and what the session tag may be for them. */
export interface EditRight {
  readonly bucketArns: readonly string[];
  /** Owning projects, and the value of sessions that only remove, restore or read. */
  readonly sessionTags: readonly string[];
}

/** A bucket as far as its editor role is concerned. */
export interface EditableBucket {
  readonly name: string;
  readonly prefixes: readonly { readonly owningProjects: readonly string[] }[];
}

/** Groups buckets by the set of projects that own any of their prefixes, so that each set costs one statement of a limited policy. */
export const editRights = (partition: string, buckets: readonly EditableBucket[]): readonly EditRight[] => {
  const arnsByProjects = new Map<string, string[]>();
  for (const bucket of buckets) {
    const projects = [...new Set(bucket.prefixes.flatMap((prefix) => prefix.owningProjects))].sort().join(',');
    arnsByProjects.set(projects, [...(arnsByProjects.get(projects) ?? []), `arn:${partition}:s3:::${bucket.name}`]);
  }
  return [...arnsByProjects]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([projects, bucketArns]) => ({ bucketArns, sessionTags: [...projects.split(','), NO_PROJECT] }));
};

/** The same grouping as a Terraform expression over `var.buckets`; its items are objects of `bucket_arns` and `session_tags`. */
export const EDIT_RIGHTS_EXPRESSION = `[for projects, bucket_arns in {
  for bucket in var.buckets : join(",", sort(distinct(flatten(bucket.prefixes[*].owning_projects)))) => "arn:\${var.partition}:s3:::\${bucket.name}"...
} : { bucket_arns = bucket_arns, session_tags = concat(split(",", projects), ["${NO_PROJECT}"]) }]`.replace(/\n\s*/g, ' ');
