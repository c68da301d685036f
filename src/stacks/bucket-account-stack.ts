import type { App } from 'cdktf';
import { BucketAccount } from '../../modules/bucket-account/construct';
import {
  EDITOR_FRAME,
  editorPolicies,
  INSPECTOR_FRAME,
  inspectorPolicies,
  lengthOf,
  type RolePolicies,
} from '../../modules/bucket-account/documents';
import { editRights, editStatement } from '../../modules/bucket-account/edit-rights';
import { inspectionRights, inspectStatement } from '../../modules/bucket-account/inspection-rights';
import { type Frame, type Packs, packed } from '../../modules/bucket-account/packing';
import type { Statement } from '../../modules/policy-document';
import type { BucketAccountDeployment, Deployment } from '../deployment/load';
import { type Measured, QUOTAS, quotaProblems } from '../deployment/quotas';
import { AccountStack } from './account-stack';

/** A bucket account's stack, `bucket-account-<account>`: one for the buckets of all Regions, since roles are global. */
export class BucketAccountStack extends AccountStack {
  readonly problems: readonly string[];

  constructor(app: App, deployment: Deployment, { account, deployRole, buckets }: BucketAccountDeployment) {
    super(app, `bucket-account-${account}`, deployment, { account, deployRole });
    const { naming, domain } = deployment;
    const edits = packs(editRights(domain.partition, buckets), { statement: editStatement, frame: EDITOR_FRAME });
    const inspections = packs(inspectionRights(domain.partition, buckets), { statement: inspectStatement, frame: INSPECTOR_FRAME });
    const { documents } = new BucketAccount(this, 'Default', {
      ...naming,
      account,
      domain,
      editRights: edits,
      inspectionRights: inspections,
      permissionsBoundary: this.permissionsBoundary,
    });
    const where = `account ${account} (buckets)`;
    this.problems = quotaProblems([
      ...measured(edits, { where, documents: editorPolicies(account) }),
      ...measured(inspections, { where, documents: inspectorPolicies(account) }),
      { quota: QUOTAS.trustPolicy, text: documents.editorTrust, where },
      { quota: QUOTAS.trustPolicy, text: documents.inspectorTrust, where },
    ]);
  }
}

const packs = <T>(rights: readonly T[], { statement, frame }: { readonly statement: (right: T) => Statement; readonly frame: Frame }) =>
  packed(rights, { lengths: rights.map((right) => lengthOf(statement(right))), frame });

/** How many policies the packs take, and what each holds. */
const measured = <T>(
  { inline, managed }: Packs<T>,
  { where, documents }: { readonly where: string; readonly documents: RolePolicies<T> },
): readonly Measured[] => [
  { quota: QUOTAS.managedPoliciesPerRole, count: managed.length, where },
  { quota: QUOTAS.rolePolicies, text: documents.inline(inline), where },
  ...managed.map((rights) => ({ quota: QUOTAS.managedPolicy, text: documents.managed(rights), where })),
];
