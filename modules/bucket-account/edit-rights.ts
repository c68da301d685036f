import { NO_PROJECT, OWNING_PROJECT_TAG } from '../../handler/contract/registry';
import type { Statement } from '../policy-document';

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

/** Few enough that a statement, which is never split, leaves a policy room for others. */
const BUCKETS_PER_RIGHT = 10;

/** Lists of at most `size`, as Terraform's `chunklist` makes them. */
export const chunks = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

/** Groups buckets by the set of projects that own any of their prefixes, so that they share the statements of a limited policy. */
export const editRights = (partition: string, buckets: readonly EditableBucket[]): readonly EditRight[] => {
  const arnsByProjects = new Map<string, string[]>();
  for (const bucket of buckets) {
    const projects = [...new Set(bucket.prefixes.flatMap((prefix) => prefix.owningProjects))].sort().join(',');
    arnsByProjects.set(projects, [...(arnsByProjects.get(projects) ?? []), `arn:${partition}:s3:::${bucket.name}`]);
  }
  return [...arnsByProjects]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([projects, arns]) =>
      chunks(arns, BUCKETS_PER_RIGHT).map((bucketArns) => ({ bucketArns, sessionTags: [...projects.split(','), NO_PROJECT] })),
    );
};

/** The same grouping as a Terraform expression over `var.buckets`; its items are objects of `bucket_arns` and `session_tags`. */
export const editRightsExpression = (partition: string): string =>
  `flatten([for projects, bucket_arns in {
    for bucket in var.buckets : join(",", sort(distinct(flatten(bucket.prefixes[*].owning_projects)))) => "arn:${partition}:s3:::\${bucket.name}"...
  } : [for chunk in chunklist(bucket_arns, ${BUCKETS_PER_RIGHT}) : { bucket_arns = chunk, session_tags = concat(split(",", projects), ["${NO_PROJECT}"]) }]])`.replace(
    /\n\s*/g,
    ' ',
  );

/** What an editor does. */
export const EDIT_ACTIONS = ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'];

/**
 * Lets the editor role read and write the policies of some buckets in the name of some projects. Written out, the actions would cost a
 * quarter of the room for buckets; what the pattern can ever mean is said once for the role (see `documents.ts`).
 */
export const editStatement = ({ bucketArns, sessionTags }: EditRight): Statement => ({
  Effect: 'Allow',
  Action: 's3:*BucketPolicy',
  Resource: bucketArns,
  Condition: { StringLike: { [`aws:PrincipalTag/${OWNING_PROJECT_TAG}`]: sessionTags } },
});
