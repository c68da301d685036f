import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { OWNING_PROJECT_TAG } from '../../handler/contract';
import { type Account, functionRoleArn, namesOf } from '../naming';
import { eachItem, type Items, policyDocument } from '../policy-document';
import type { EditRight } from './edit-rights';

/** Every value may be known or a Terraform reference: the construct looks into none of them. */
export interface BucketAccountProps {
  /** Name of the deployment. */
  readonly name: string;
  /** The account that owns the buckets. */
  readonly account: string;
  /** The DataZone domain and its account: whom the editor role trusts. */
  readonly domain: Account & { readonly id: string };
  /** Which buckets may be edited in whose name. */
  readonly rights: Items<EditRight>;
  /** @default none, or the provider's default tags */
  readonly tags?: { [key: string]: string };
}

/**
 * A bucket account's side of a deployment: the role that edits the policies of the registered buckets, and nothing else. The
 * bucket account decides here which buckets those are, and for which owning projects.
 */
export class BucketAccount extends Construct {
  readonly editor: IamRole;
  /** Texts that AWS limits in length, as far as they are known here. */
  readonly documents: { readonly trust: string; readonly rolePolicy: string };

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BucketAccountProps,
  ) {
    super(scope, id);
    this.documents = { trust: this.trust(), rolePolicy: this.permissions() };
    this.editor = this.createEditorRole();
  }

  private createEditorRole() {
    const role = new IamRole(this, 'editor', {
      name: namesOf(this.props.name).editorRole,
      description: 'Edits the policies of buckets registered for DataZone subscriptions',
      assumeRolePolicy: this.documents.trust,
      tags: this.props.tags,
    });
    new IamRolePolicy(this, 'editor_policy', { name: 'bucket-policies', role: role.name, policy: this.documents.rolePolicy });
    return role;
  }

  /**
   * Trusts the domain account, narrowed to the function's role by condition: a principal that does not exist yet is refused, and
   * one that is created again is no longer the same. Two statements, because `sts:ExternalId` is a key of AssumeRole alone.
   */
  private trust(): string {
    const { name, domain } = this.props;
    const principal = {
      Effect: 'Allow',
      Principal: { AWS: `arn:${domain.partition}:iam::${domain.account}:root` },
    } as const;
    const fromFunction = { 'aws:PrincipalArn': functionRoleArn(name, domain) };
    return policyDocument(
      {
        Sid: 'FulfillmentFunction',
        ...principal,
        Action: 'sts:AssumeRole',
        Condition: {
          ArnEquals: fromFunction,
          StringEquals: { 'sts:ExternalId': domain.id },
          // Present and not empty.
          StringLike: { [`aws:RequestTag/${OWNING_PROJECT_TAG}`]: '?*' },
        },
      },
      {
        Sid: 'OwningProject',
        ...principal,
        Action: 'sts:TagSession',
        Condition: {
          ArnEquals: fromFunction,
          'ForAllValues:StringEquals': { 'aws:TagKeys': [OWNING_PROJECT_TAG] },
          Null: { 'sts:TransitiveTagKeys': 'true' },
        },
      },
    );
  }

  /** `aws:ResourceAccount` keeps the role from a bucket that was deleted here and whose name somebody else took. */
  private permissions(): string {
    const { account, rights } = this.props;
    return policyDocument(
      eachItem(rights, ({ bucketArns, sessionTags }) => ({
        Effect: 'Allow',
        Action: ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
        Resource: bucketArns,
        Condition: {
          StringLike: { [`aws:PrincipalTag/${OWNING_PROJECT_TAG}`]: sessionTags },
          StringEquals: { 'aws:ResourceAccount': account },
        },
      })),
    );
  }
}
