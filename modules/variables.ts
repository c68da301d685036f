import type { Variable } from './module-stack';
import { ref } from './policy-document';

/** A regular expression that a variable has to match, and what to write where it does not. */
export const matching = (variable: string, pattern: string, errorMessage: string): Variable['validation'] => ({
  condition: ref(`can(regex("${pattern.replaceAll('\\', '\\\\')}", var.${variable}))`),
  errorMessage,
});

/** The words that a variable may hold. */
export const oneOf = (variable: string, words: readonly string[]): Variable['validation'] => ({
  condition: ref(`contains(${JSON.stringify(words)}, var.${variable})`),
  errorMessage: `Write ${words.join(' or ')}.`,
});

/** What every module of a deployment must be told alike. */
export const DEPLOYMENT_VARIABLES = {
  name: {
    type: 'string',
    description: 'Name of the deployment: prefix of every name, the same in all its accounts.',
    validation: matching(
      'name',
      '^[a-z][a-z0-9-]{0,18}[a-z0-9]$',
      'Write 2 to 20 lower-case letters, digits and hyphens, beginning with a letter and not ending in a hyphen.',
    ),
  },
  partition: {
    type: 'string',
    description: 'AWS partition of all accounts.',
    default: 'aws',
    validation: oneOf('partition', ['aws', 'aws-cn', 'aws-us-gov']),
  },
  domain_id: {
    type: 'string',
    description: 'Id of the DataZone domain.',
    validation: matching('domain_id', '^dzd[_-][A-Za-z0-9_-]{1,36}$', 'Write the id of a DataZone domain, such as dzd_bc8e1ez8r2a6xz.'),
  },
  domain_account: {
    type: 'string',
    description: 'Account that hosts the DataZone domain.',
    validation: matching('domain_account', '^[0-9]{12}$', 'Write the 12 digits of an account as a string.'),
  },
  tags: { type: 'map(string)', description: 'Tags of every resource.', default: {} },
} as const satisfies Readonly<Record<string, Variable>>;
