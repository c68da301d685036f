import { strictEqual } from 'node:assert';
import * as z from 'zod';
import { readSettings } from '../../handler/settings';
import { appliedAttributes } from './applied-documents';
import type { Tally } from './tally';
import type { Workspace } from './workspace';

const environment = z.array(z.object({ variables: z.record(z.string(), z.string()) })).length(1);

/** Has the handler read the environment that its function was given, of which Terraform knows a part no sooner than at apply. */
export const handlerStarts = async (tally: Tally, workspace: Workspace): Promise<void> => {
  await tally.step(`${workspace.name}: the handler takes the environment of its function, and knows the operator role`, async () => {
    const fulfillment = await appliedAttributes(workspace, 'aws_lambda_function', 'function');
    const [{ variables } = { variables: {} }] = environment.parse(fulfillment['environment']);
    const operator = await appliedAttributes(workspace, 'aws_iam_role', 'operator');
    strictEqual(readSettings(variables).operatorRoleId, operator['unique_id']);
  });
};
