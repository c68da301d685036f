import type { Requirement, Variable } from '../module-stack';
import { ref } from '../policy-document';
import { ACCOUNT_PATTERN, BUCKET_NAME_PATTERN, PROJECT_PATTERN, REGION_PATTERN } from '../variables';

const matches = (pattern: string, value: string) => `can(regex("${pattern}", ${value}))`;

/** Something that holds for every bucket. */
const eachBucket = (condition: string, errorMessage: string): Requirement => ({
  condition: ref(`alltrue([for bucket in var.buckets : ${condition}])`),
  errorMessage,
});

/** Something that holds for every prefix of every bucket. */
const eachPrefix = (condition: string, errorMessage: string): Requirement =>
  eachBucket(`alltrue([for prefix in bucket.prefixes : ${condition}])`, errorMessage);

/** The registered buckets, as the domain account's module is told of them. */
export const BUCKETS_VARIABLE: Variable = {
  type: `list(object({
    name     = string
    account  = string
    region   = string
    state    = optional(string, "active")
    prefixes = list(object({ prefix = string, owning_projects = list(string) }))
  }))`.replace(/\n\s*/g, '\n'),
  description:
    'Registered buckets of all accounts. A prefix ends in a slash, or is empty for the whole bucket; owning_projects may be ["*"]. Where one prefix lies within another, the deepest decides, and both have a project in common.',
  validation: [
    eachBucket(
      `${matches(ACCOUNT_PATTERN, 'bucket.account')} && ${matches(REGION_PATTERN, 'bucket.region')} && contains(["active", "retiring"], bucket.state)`,
      'Write account as 12 digits, region as a Region, and state as active or retiring.',
    ),
    eachBucket(
      `${matches(BUCKET_NAME_PATTERN, 'bucket.name')} && length(bucket.prefixes) > 0`,
      'Write the name of a general purpose bucket, no ARN, and at least one prefix.',
    ),
    eachPrefix(
      `${matches('^([^/].*)?$', 'prefix.prefix')} && ${matches('^(.*/)?$', 'prefix.prefix')} && !${matches('[*?]|[$%][{]', 'prefix.prefix')}`,
      'Write a prefix that is empty or ends in a slash, does not begin with one, and holds neither * nor ? nor a policy variable.',
    ),
    eachPrefix(
      `length(prefix.owning_projects) > 0 && alltrue([for project in prefix.owning_projects : ${matches(PROJECT_PATTERN, 'project')}]) && (length(prefix.owning_projects) == 1 || !contains(prefix.owning_projects, "*"))`,
      'Write owning_projects as ids of DataZone projects, at least one, or as ["*"] alone.',
    ),
    {
      condition: ref('length(distinct(var.buckets[*].name)) == length(var.buckets)'),
      errorMessage: 'Write each bucket once, under the account that owns it.',
    },
    eachBucket(
      'length(distinct(bucket.prefixes[*].prefix)) == length(bucket.prefixes)',
      'Write each prefix of a bucket once, with all its owning projects.',
    ),
    eachPrefix(
      `alltrue([for inner in bucket.prefixes : !startswith(inner.prefix, prefix.prefix) || contains(concat(inner.owning_projects, prefix.owning_projects), "*") || length(setintersection(inner.owning_projects, prefix.owning_projects)) > 0])`,
      'Where one prefix lies within another, let both have an owning project in common, or write prefixes that do not overlap.',
    ),
  ],
};
