import { eachItem, type Items, ref } from '../policy-document';

/** A location that readers may read, as a policy names it. */
export interface ReadLocation {
  readonly bucketArn: string;
  /** Its objects. */
  readonly objectsArn: string;
  /** What `s3:prefix` may be when the location is listed; not used for a whole bucket. */
  readonly prefixPattern: string;
}

/** What a reader's policy is made of. A bucket that is read as a whole is listed without a condition. */
export interface ReadRights {
  readonly locations: Items<ReadLocation>;
  readonly folders: Items<ReadLocation>;
  readonly wholeBuckets: Items<ReadLocation>;
}

/** One location, written `bucket` or `bucket/folder/`. */
const location = (partition: string, read: string): ReadLocation => {
  const [bucket = '', ...rest] = read.split('/');
  const prefix = rest.join('/');
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  return { bucketArn, objectsArn: `${bucketArn}/${prefix}*`, prefixPattern: `${prefix}*` };
};

/** The rights to read some locations, each written `bucket` or `bucket/folder/`. */
export const readRights = (partition: string, reads: readonly string[]): ReadRights => {
  const rightsOf = (some: readonly string[]) => some.map((read) => location(partition, read));
  return {
    locations: rightsOf(reads),
    folders: rightsOf(reads.filter((read) => read.includes('/'))),
    wholeBuckets: rightsOf(reads.filter((read) => !read.includes('/'))),
  };
};

/** The same rights from a Terraform list of such locations; `partition` is a Terraform expression as well. */
export const readRightsExpression = (partition: string, reads: string): ReadRights => {
  const item = {
    bucketArn: ref('item.bucket_arn'),
    objectsArn: ref('item.objects_arn'),
    prefixPattern: ref('item.prefix_pattern'),
  };
  const objects = (condition: string) =>
    `[for read in ${reads} : { ${[
      `bucket_arn = format("arn:%s:s3:::%s", ${partition}, split("/", read)[0])`,
      `objects_arn = format("arn:%s:s3:::%s/*", ${partition}, trimsuffix(read, "/"))`,
      `prefix_pattern = format("%s*", join("/", slice(split("/", read), 1, length(split("/", read)))))`,
    ].join(', ')} }${condition}]`;
  return {
    locations: { expression: objects(''), item },
    folders: { expression: objects(' if length(split("/", read)) > 1'), item },
    wholeBuckets: { expression: objects(' if length(split("/", read)) == 1'), item },
  };
};

/** The objects of all locations as one list. */
export const objectArns = ({ locations }: ReadRights) => eachItem(locations, ({ objectsArn }) => objectsArn);
