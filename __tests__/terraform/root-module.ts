import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployRole, motoProvider } from './override';
import type { Workspace } from './workspace';

/** A provider for an account, by the role that moto lets anyone take on there. */
export const providerOf = (region: string, account: string, endpoint: string) => ({
  region,
  allowed_account_ids: [account],
  assume_role: { role_arn: deployRole(account) },
  ...motoProvider(endpoint),
});

/** Writes a root module into a folder of its own. */
export const writeRoot = (folder: string, name: string, root: object): Workspace => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify(root, null, 2));
  return { name, folder };
};
