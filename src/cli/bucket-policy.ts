import { GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import type { RegisteredBucket } from '../../handler/core/subscription/registry';
import { asInspector } from './acting';
import type { Clients } from './clients';
import type { Context } from './framework/context';
import { explain } from './framework/explain';

/** A bucket's policy as its account's inspector role reads it. */
export type PolicyReading =
  | { readonly kind: 'policy'; readonly text: string }
  | { readonly kind: 'none' }
  /** Why it could not be read. */
  | { readonly kind: 'unread'; readonly why: string };

/** Looks at registered buckets with the inspector roles of their accounts, each taken on once. */
export class Inspection {
  private readonly sessions = new Map<string, Promise<Clients | undefined>>();

  constructor(
    private readonly context: Context,
    private readonly reader: Clients,
  ) {}

  /** Clients of the inspector role in the bucket's account and Region; undefined where it cannot be taken on. */
  async clientsFor({ account, region }: RegisteredBucket): Promise<Clients | undefined> {
    const known = this.sessions.get(account) ?? asInspector(this.context, { reader: this.reader, account });
    this.sessions.set(account, known);
    return (await known)?.with({ region });
  }

  async policyOf(bucket: RegisteredBucket): Promise<PolicyReading> {
    const clients = await this.clientsFor(bucket);
    if (clients === undefined)
      return {
        kind: 'unread',
        why: `the inspector role of account ${bucket.account} cannot be taken on; deploy that account's stack, or work as an operator or auditor`,
      };
    try {
      const { Policy: text = '' } = await clients
        .s3()
        .send(new GetBucketPolicyCommand({ Bucket: bucket.name, ExpectedBucketOwner: bucket.account }));
      return { kind: 'policy', text };
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchBucketPolicy') return { kind: 'none' };
      const failure = explain(error);
      if (failure.exitClass === 'denied' || failure.exitClass === 'missing' || failure.exitClass === 'refused')
        return { kind: 'unread', why: failure.message };
      throw error;
    }
  }
}
