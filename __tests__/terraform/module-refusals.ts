import { ok } from 'node:assert';
import { join } from 'node:path';
import { providerOf, writeRoot } from './root-module';
import type { Place } from './stacks';
import type { Tally } from './tally';
import { initialise, terraform } from './workspace';

/** The domain account's module refuses values, each with its own sentence. */
export const refuses = async (tally: Tally, { folder, handlerZip, endpoint }: Place): Promise<void> => {
  const refused = writeRoot(join(folder, 'refused'), 'modules with wrong values', {
    provider: { aws: providerOf('eu-west-1', '111111111111', endpoint) },
    module: { fulfillment: { source: '../modules/domain-account', ...WRONG, handler_zip: handlerZip } },
  });
  if (!(await initialise(tally, refused))) return;
  await tally.step(`${refused.name}: validate says what to write instead`, async () => {
    says(await terraform(refused, ['validate', '-no-color'], [1]), SENTENCES);
  });
};

/** Terraform wraps its messages and draws a border beside them. */
const says = (output: string, sentences: readonly string[]): void => {
  const text = output.replace(/[\s│]+/g, ' ');
  for (const sentence of sentences) ok(text.includes(sentence), `'${sentence}' is not in:\n${output}`);
};

/** Lists that are too long for a policy are refused by the plan, with what they would take and what AWS takes. */
export const refusesTooMuch = async (tally: Tally, { folder, handlerZip, endpoint }: Place): Promise<void> => {
  const refused = writeRoot(join(folder, 'too-much'), 'modules with too much', {
    provider: { aws: providerOf('eu-west-1', '111111111111', endpoint) },
    module: { fulfillment: { source: '../modules/domain-account', ...RIGHT, ...TOO_MUCH, handler_zip: handlerZip } },
  });
  if (!(await initialise(tally, refused))) return;
  await tally.step(`${refused.name}: plan says how much, and what to write instead`, async () => {
    says(await terraform(refused, ['plan', '-input=false', '-no-color'], [1]), [
      'The inline policies of a role would hold 1',
      'Write organization_id: it stands for the list of bucket accounts.',
      'The trust policy of a role would hold',
      'Name fewer operator_principals',
    ]);
  });
};

const RIGHT = {
  name: 'acme',
  mode: 'observe',
  existing_subscriptions: 'grant',
  domain_id: 'dzd_bc8e1ez8r2a6xz',
  domain_account: '111111111111',
  domain_region: 'eu-west-1',
  domain_version: 'v1',
};

/** More accounts than a role's policies list, and more operators than a role trusts. */
const TOO_MUCH = {
  buckets: Array.from({ length: 800 }, (_, index) => ({
    name: `acme-${index}`,
    account: String(200_000_000_000 + index),
    region: 'eu-west-1',
    prefixes: [{ prefix: 'runs/', owning_projects: ['5a3se66qm88947'] }],
  })),
  operator_principals: Array.from({ length: 40 }, (_, index) => `arn:aws:iam::111111111111:role/OperatorOfTheDataPlatform${index}`),
};

const WRONG = {
  ...RIGHT,
  name: 'Acme',
  mode: 'on',
  target_provider: 'Amazon DataZone',
  buckets: [
    {
      name: 'acme-raw',
      account: '222222222222',
      region: 'eu-west-1',
      prefixes: [{ prefix: 'runs', owning_projects: ['5a3se66qm88947'] }],
    },
    {
      name: 'acme-overlapping',
      account: '222222222222',
      region: 'eu-west-1',
      prefixes: [
        { prefix: 'runs/', owning_projects: ['5a3se66qm88947'] },
        { prefix: 'runs/deep/', owning_projects: ['6b4tf77rn99058'] },
      ],
    },
  ],
};

const SENTENCES = [
  'Write 2 to 20 lower-case',
  'Write observe or enforce',
  'Write a provider of your own',
  'a prefix that is empty or ends in',
  'Where one prefix lies within another, let both have an owning project in common',
];
