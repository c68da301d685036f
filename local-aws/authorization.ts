import { type Decision, evaluate } from '../src/iam/evaluate';
import type { Context } from '../src/iam/request';
import type { Call } from './call';
import { identityOf, type Session } from './identities';
import type { State } from './state';

export type Question = {
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount?: string;
  readonly context?: Context;
  readonly absentKeys?: readonly string[];
  /** The resource's own policy, with unique ids for principals. */
  readonly resourcePolicy?: unknown;
  /** A role's trust policy. */
  readonly trust?: unknown;
};

/** An address of the documentation range (RFC 5737), so that policies on `aws:SourceIp` have something to compare. */
const SOURCE_IP = '198.51.100.1';

/** Condition keys every request carries. The double stands for TLS endpoints, though it speaks plain HTTP. */
const requestContext = ({ at, region }: Pick<Call, 'at' | 'region'>): Context => ({
  'aws:CurrentTime': `${at.toISOString().slice(0, 19)}Z`,
  'aws:EpochTime': String(Math.floor(at.getTime() / 1000)),
  'aws:RequestedRegion': region,
  'aws:SecureTransport': 'true',
  'aws:SourceIp': SOURCE_IP,
  'aws:ViaAWSService': 'false',
});

/** Source: IAM User Guide, "AWS global condition context keys"; absent for an account outside any organization. */
const organizationContext = ({ identities: { organizations } }: State, caller: string, resource: string | undefined): Context => {
  const own = organizations.get(caller);
  const other = organizations.get(resource ?? '');
  return { ...(own === undefined ? {} : { 'aws:PrincipalOrgID': own }), ...(other === undefined ? {} : { 'aws:ResourceOrgID': other }) };
};

/**
 * Lambda puts the function into the credentials of its code; a role that the code assumes does not have it.
 * Source: AWS Lambda Developer Guide, "Using source function ARN to control function access behavior".
 */
const functionContext = ({ sourceFunctionArn }: Session): Context =>
  sourceFunctionArn === undefined ? {} : { 'lambda:SourceFunctionArn': sourceFunctionArn };

/** What IAM says to the caller's question, on the policies of its role or user, its session and the resource. */
export const decide = (state: State, call: Pick<Call, 'caller' | 'at' | 'region'>, question: Question): Decision => {
  const { session, principal } = call.caller;
  const identity = identityOf(state.identities, session);
  const { action, resource, resourceAccount, absentKeys, resourcePolicy, trust } = question;
  return evaluate(
    {
      principal,
      action,
      resource,
      ...(resourceAccount === undefined ? {} : { resourceAccount }),
      ...(absentKeys === undefined ? {} : { absentKeys }),
      context: {
        ...requestContext(call),
        ...functionContext(session),
        ...organizationContext(state, call.caller.account, resourceAccount ?? (resource.split(':')[4] || call.caller.account)),
        ...question.context,
      },
    },
    {
      identity: identity?.policies ?? [],
      ...(identity?.boundary === undefined ? {} : { boundary: identity.boundary }),
      ...(session.policy === undefined ? {} : { session: { name: 'session policy', document: session.policy } }),
      ...(resourcePolicy === undefined ? {} : { resource: { name: 'resource policy', document: resourcePolicy } }),
      ...(trust === undefined ? {} : { trust: { name: 'trust policy', document: trust } }),
    },
  );
};

export const isAllowed = (state: State, call: Pick<Call, 'caller' | 'at' | 'region'>, question: Question): boolean =>
  decide(state, call, question).decision === 'allowed';

/** The sentence AWS answers a refused request with. */
export const notAuthorized = ({ caller }: Pick<Call, 'caller'>, { action, resource }: Pick<Question, 'action' | 'resource'>): string =>
  `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
