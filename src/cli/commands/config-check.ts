import { command } from '../framework/command';
import { counted } from '../framework/table';

export const configCheck = command({
  name: 'config check',
  group: 'First hour',
  summary: 'Checks the deployment file',
  needs: 'nothing',
  examples: [{ line: 'config check --deployment deployment.yaml', about: 'Lists every mistake in the file, each with its path.' }],
  run: async ({ deployment, terminal, options }) => {
    const buckets = deployment.bucketAccounts.flatMap((account) => account.buckets);
    const answer = { file: options.deployment, deployment: deployment.name, mode: deployment.mode, buckets: buckets.length };
    terminal.answer(
      answer,
      () =>
        `${options.deployment} is in order: deployment '${deployment.name}', mode ${deployment.mode}, ${counted(buckets.length, 'bucket')}.`,
    );
    return undefined;
  },
});
