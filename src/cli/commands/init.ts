import { existsSync, writeFileSync } from 'node:fs';
import { Clients } from '../clients';
import { command } from '../framework/command';
import { CommandFailure } from '../framework/failure';
import { anyText, flag, option, text } from '../framework/fields';
import { output } from '../framework/output';
import { counted } from '../framework/table';
import { deploymentText } from '../proposal/deployment-text';
import { surveyDomain } from '../proposal/survey';

/** A deployment's name made of a domain's. */
const nameFrom = (title: string): string => {
  const letters = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 20)
    .replace(/-+$/, '');
  return letters.length < 2 ? 'datazone' : letters;
};

export const init = command({
  name: 'init',
  group: 'First hour',
  summary: 'Proposes a deployment file from a domain: its S3 assets, the projects that own them, their buckets, and the targets there are',
  details: [
    'Projects that you may not look into are named in the file, and so is every bucket whose account S3 does not tell you. Nothing is made in AWS; the proposal observes (`mode: observe`).',
  ],
  needs: 'caller',
  options: {
    domain: option(
      '--domain <id>',
      "the domain's id",
      text(/^dzd[_-][A-Za-z0-9_-]{1,36}$/, 'the id of a DataZone domain, such as dzd_bc8e1ez8r2a6xz'),
    ),
    name: option(
      '--name <name>',
      "the deployment's name (default: made of the domain's)",
      text(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/, '2 to 20 lower-case letters, digits and hyphens').optional(),
    ),
    provider: option(
      '--provider <provider>',
      'provider of the subscription targets it is to act on',
      anyText.default('datazone-s3-fulfillment'),
    ),
    out: option('--out <file>', 'write it there (default: standard output)', anyText.optional()),
    force: flag('--force', 'write over a file that is there'),
  },
  examples: [
    {
      line: 'init --domain dzd_bc8e1ez8r2a6xz --region eu-west-1 --out deployment.yaml',
      about: 'The first step: what there is to be governed.',
    },
  ],
  run: async ({ terminal, options }, { domain, name, provider, out, force }) => {
    if (out !== undefined && existsSync(out) && !force)
      throw new CommandFailure('refused', `${out} is there already`, 'name another file with --out, or write over it with --force');
    const { profile, region } = options;
    const clients = new Clients({ profile, region });
    const survey = await surveyDomain(clients, { domainIdentifier: domain, provider, progress: (at) => terminal.progress(at) });
    terminal.progress(undefined);
    const content = deploymentText(survey, { name: name ?? nameFrom(survey.domain.name), provider });
    if (out !== undefined) writeFileSync(out, `${content.printed}\n`);
    const unknown = survey.buckets.filter(({ account }) => account === undefined).length;
    terminal.answer({ ...survey, file: out, text: `${content.printed}\n` }, () =>
      out === undefined
        ? content
        : output`Wrote ${out}: ${counted(survey.buckets.length, 'bucket')}${unknown === 0 ? '' : `, ${unknown} of an account that you have to fill in`}. Next: datazone-s3 config check --deployment ${out}`,
    );
    return undefined;
  },
});
