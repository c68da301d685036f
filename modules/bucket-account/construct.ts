import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Construct } from 'constructs';
import { type Account, type Naming, namesOf } from '../naming';
import * as documents from './documents';
import type { EditRight } from './edit-rights';
import { attachPackedPolicies, type PolicyItems } from './packed-policies';

/** Every value may be known or a Terraform reference: the construct looks into none of them. */
export interface BucketAccountProps extends Naming {
  /** The account that owns the buckets. */
  readonly account: string;
  /** The DataZone domain and its account: whom the roles trust. */
  readonly domain: Account & { readonly id: string };
  /** Which buckets may be edited in whose name. */
  readonly editRights: PolicyItems<EditRight>;
  /** ARNs of the buckets that operators and auditors may look at, in lists of a statement each. */
  readonly inspectionRights: PolicyItems<readonly string[]>;
  /** ARN of a policy that bounds every role. @default none */
  readonly permissionsBoundary?: string;
  /** @default none, or the provider's default tags */
  readonly tags?: { [key: string]: string };
}

/**
 * A bucket account's side of a deployment: the role that edits the policies of the registered buckets, and one that looks at them.
 * The bucket account decides here which buckets those are, and for which owning projects.
 */
export class BucketAccount extends Construct {
  readonly editor: IamRole;
  readonly inspector: IamRole;
  /** Texts that AWS limits in length, as far as they are known here. */
  readonly documents: { readonly editorTrust: string; readonly inspectorTrust: string };
  private readonly names: ReturnType<typeof namesOf>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BucketAccountProps,
  ) {
    super(scope, id);
    this.names = namesOf(props.prefix);
    this.documents = {
      editorTrust: documents.editorTrust(props, props.domain),
      inspectorTrust: documents.inspectorTrust(props, props.domain),
    };
    this.editor = this.createEditorRole();
    this.inspector = this.createInspectorRole();
  }

  private createEditorRole() {
    const { account, editRights } = this.props;
    const role = this.createRole('editor', {
      name: this.names.editorRole,
      description: 'Edits the policies of buckets registered for DataZone subscriptions',
      assumeRolePolicy: this.documents.editorTrust,
    });
    attachPackedPolicies(this, {
      ...this.packing(role, this.names.editorRole),
      id: 'editor_policy',
      inlineName: 'bucket-policies',
      items: editRights,
      documents: documents.editorPolicies(account),
    });
    return role;
  }

  private createInspectorRole() {
    const { account, inspectionRights } = this.props;
    const role = this.createRole('inspector', {
      name: this.names.inspectorRole,
      description: 'Looks at the buckets registered for DataZone subscriptions',
      assumeRolePolicy: this.documents.inspectorTrust,
    });
    attachPackedPolicies(this, {
      ...this.packing(role, this.names.inspectorRole),
      id: 'inspector_policy',
      inlineName: 'inspection',
      items: inspectionRights,
      documents: documents.inspectorPolicies(account),
    });
    return role;
  }

  private createRole(id: string, role: { readonly name: string; readonly description: string; readonly assumeRolePolicy: string }) {
    const { rolePath, permissionsBoundary, tags } = this.props;
    return new IamRole(this, id, { ...role, path: `/${rolePath}`, permissionsBoundary, tags });
  }

  /** Managed policies are called like their role, with a number. */
  private packing(role: IamRole, managedName: string) {
    const { rolePath, domain, account, tags } = this.props;
    return { role, managedName, managedArn: `arn:${domain.partition}:iam::${account}:policy/${rolePath}`, path: `/${rolePath}`, tags };
  }
}
