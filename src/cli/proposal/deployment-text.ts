import { joined, json, lines, type Output, output } from '../framework/output';
import type { Survey, SurveyedBucket } from './survey';

/** Stands where only a person knows the account; the deployment file's check names each place. */
export const UNKNOWN_ACCOUNT = 'account-unknown';

/** A value as a double-quoted YAML string, whole: JSON text with escapes is one. */
const quoted = (text: string): Output => json(text);

/** Region names as AWS writes them need no quotes; anything else that an answer holds must not become YAML. */
const plain = (text: string): Output => (/^[a-z0-9][a-z0-9_-]*$/i.test(text) ? output`${text}` : quoted(text));

const bucketText = (bucket: SurveyedBucket, domainRegion: string): Output =>
  lines([
    output`      - name: ${bucket.name}`,
    ...(bucket.region === undefined
      ? ['        # S3 knows no such bucket, or does not say where it is: write its region']
      : bucket.region === domainRegion
        ? []
        : [output`        region: ${plain(bucket.region)}`]),
    '        prefixes:',
    ...bucket.prefixes.map(
      ({ prefix, owningProjects }) =>
        output`          - { prefix: ${quoted(prefix)}, owningProjects: [${joined(owningProjects.map(quoted), ', ')}] }`,
    ),
  ]);

/** A deployment file made of what a domain holds. It observes: what it would do is looked at before it does it. */
export const deploymentText = (
  { domain, buckets, targets, unread }: Survey,
  { name, provider }: { name: string; provider: string },
): Output => {
  const accounts = [...new Set(buckets.map(({ account }) => account))].sort((one, other) => ((one ?? '~') < (other ?? '~') ? -1 : 1));
  return lines([
    output`# Proposed from domain '${domain.name}'. Read it, fill in what is missing, then: datazone-s3 config check`,
    '# Everything that can be set is shown in deployment.example.yaml.',
    ...unread.map(({ project, why }) => output`# Not looked into: project ${project}: ${why.replace(/\s+/g, ' ')}`),
    output`name: ${name}`,
    'mode: observe                       # decide and record, but write no bucket policy; then: enforce',
    'existingSubscriptions: ignore       # or grant: fulfil what was approved before this deployment, too',
    output`domain: { id: ${domain.id}, account: ${quoted(domain.account)}, region: ${plain(domain.region)}, version: ${domain.version} }`,
    ...(provider === 'datazone-s3-fulfillment' ? [] : [output`targetProvider: ${quoted(provider)}`]),
    'bucketAccounts:',
    ...(buckets.length === 0
      ? [
          '  # No project has an S3 object collection yet: list the buckets that may be published',
          output`  - account: ${UNKNOWN_ACCOUNT}`,
          '    buckets: []',
        ]
      : accounts.flatMap((account) => [
          ...(account === undefined ? ['  # Which accounts these buckets belong to could not be told: write the 12 digits in quotes'] : []),
          output`  - account: ${account === undefined ? UNKNOWN_ACCOUNT : quoted(account)}`,
          '    buckets:',
          ...buckets.filter((bucket) => bucket.account === account).map((bucket) => bucketText(bucket, domain.region)),
        ])),
    ...targets.map(
      ({ project, principals }) => output`# Project ${project} has a target for this provider already: ${principals.join(', ')}`,
    ),
  ]);
};
