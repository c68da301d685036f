import type { Survey, SurveyedBucket } from './survey';

/** Stands where only a person knows the account; the deployment file's check names each place. */
export const UNKNOWN_ACCOUNT = 'account-unknown';

const quoted = (text: string): string => JSON.stringify(text);

const bucketText = (bucket: SurveyedBucket, domainRegion: string): string =>
  [
    `      - name: ${bucket.name}`,
    ...(bucket.region === undefined
      ? ['        # S3 knows no such bucket, or does not say where it is: write its region']
      : bucket.region === domainRegion
        ? []
        : [`        region: ${bucket.region}`]),
    '        prefixes:',
    ...bucket.prefixes.map(
      ({ prefix, owningProjects }) =>
        `          - { prefix: ${quoted(prefix)}, owningProjects: [${owningProjects.map(quoted).join(', ')}] }`,
    ),
  ].join('\n');

/** A deployment file made of what a domain holds. It observes: what it would do is looked at before it does it. */
export const deploymentText = (
  { domain, buckets, targets, unread }: Survey,
  { name, provider }: { name: string; provider: string },
): string => {
  const accounts = [...new Set(buckets.map(({ account }) => account))].sort((one, other) => ((one ?? '~') < (other ?? '~') ? -1 : 1));
  return [
    `# Proposed from domain '${domain.name}'. Read it, fill in what is missing, then: datazone-s3 config check`,
    '# Everything that can be set is shown in deployment.example.yaml.',
    ...unread.map(({ project, why }) => `# Not looked into: project ${project}: ${why.replace(/\s+/g, ' ')}`),
    `name: ${name}`,
    'mode: observe                       # decide and record, but write no bucket policy; then: enforce',
    'existingSubscriptions: ignore       # or grant: fulfil what was approved before this deployment, too',
    `domain: { id: ${domain.id}, account: ${quoted(domain.account)}, region: ${domain.region}, version: ${domain.version} }`,
    ...(provider === 'datazone-s3-fulfillment' ? [] : [`targetProvider: ${quoted(provider)}`]),
    'bucketAccounts:',
    ...(buckets.length === 0
      ? [
          '  # No project has an S3 object collection yet: list the buckets that may be published',
          `  - account: ${UNKNOWN_ACCOUNT}`,
          '    buckets: []',
        ]
      : accounts.flatMap((account) => [
          ...(account === undefined ? ['  # Which accounts these buckets belong to could not be told: write the 12 digits in quotes'] : []),
          `  - account: ${account === undefined ? UNKNOWN_ACCOUNT : quoted(account)}`,
          '    buckets:',
          ...buckets.filter((bucket) => bucket.account === account).map((bucket) => bucketText(bucket, domain.region)),
        ])),
    ...targets.map(({ project, principals }) => `# Project ${project} has a target for this provider already: ${principals.join(', ')}`),
    '',
  ].join('\n');
};
