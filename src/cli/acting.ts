import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { namesOf, roleArn, trustedRoleArns } from '../../modules/naming';
import { Clients, type RoleCredentials } from './clients';
import type { Context } from './framework/context';
import { explain } from './framework/explain';
import { CommandFailure } from './framework/failure';

/** A caller as STS knows it. */
export interface Caller {
  readonly account: string;
  /** Of a user, or of a role's session. */
  readonly arn: string;
}

/** Clients with the credentials that the SDK finds; for what people do in their own name. In the deployment's Region unless told otherwise. */
export const asCaller = (context: Context): Clients => {
  const { profile, region } = context.options;
  return new Clients({ region: region ?? context.deployment.domain.region, profile });
};

/** Who the clients' credentials are. */
export const callerOf = async (clients: Clients): Promise<Caller> => {
  const { Account: account = '', Arn: arn = '' } = await clients.sts().send(new GetCallerIdentityCommand({}));
  return { account, arn };
};

/**
 * Clients that may read everything of the deployment: the auditor's or the operator's role, where it is yours already or you may take
 * it on; your own credentials otherwise, which may well be enough.
 */
export const asReader = async (context: Context): Promise<Clients> => {
  const clients = asCaller(context);
  if (!context.options.assumeRole) return clients;
  const { auditors, operators } = context.deployment;
  const { auditorRole, operatorRole } = roles(context);
  const candidates = [...(auditors.length > 0 ? [auditorRole] : []), ...(operators.length > 0 ? [operatorRole] : [])];
  const caller = await callerOf(clients);
  if (candidates.length === 0 || candidates.some((arn) => isSessionOf(caller, arn))) return clients;
  for (const arn of candidates) {
    const credentials = await assume(clients, { arn, caller }).catch(unlessDenied);
    if (credentials !== undefined) return clients.with({ credentials });
  }
  return clients;
};

/**
 * Clients of the operator role, whose requests are the only ones that count.
 * @throws CommandFailure where there is no such role, or you may not take it on
 */
export const asOperator = async (context: Context): Promise<Clients> => {
  const clients = asCaller(context);
  if (!context.options.assumeRole) return clients;
  if (context.deployment.operators.length === 0)
    throw new CommandFailure(
      'denied',
      `${context.options.deployment} names no operators, so there is no role that may command`,
      "list who may command under 'operators' and deploy the domain account's stack",
    );
  const caller = await callerOf(clients);
  const arn = roles(context).operatorRole;
  if (isSessionOf(caller, arn)) return clients;
  const credentials = await assume(clients, { arn, caller }).catch(unlessDenied);
  if (credentials === undefined)
    throw new CommandFailure(
      'denied',
      `${caller.arn} may not take on the operator role ${arn}`,
      "have yourself listed under 'operators' in the deployment, or name a profile that is with --profile",
    );
  return clients.with({ credentials });
};

/**
 * Clients that may look at one bucket account's buckets: its inspector role, taken on from `reader`.
 * @returns undefined where the role cannot be taken on: the account's stack is missing, or you are neither operator nor auditor
 */
export const asInspector = async (
  context: Context,
  { reader, account }: { reader: Clients; account: string },
): Promise<Clients | undefined> => {
  const { naming, domain } = context.deployment;
  const arn = roleArn({ partition: domain.partition, account }, `${naming.rolePath}${namesOf(naming.prefix).inspectorRole}`);
  const credentials = await assume(reader, { arn, caller: await callerOf(reader) }).catch(unlessDenied);
  return credentials === undefined ? undefined : reader.with({ credentials });
};

const roles = ({ deployment }: Context) => trustedRoleArns(deployment.naming, deployment.domain);

/** Whether a caller is a session of the role: STS names a session by the role's name without its path. */
const isSessionOf = (caller: Caller, role: string): boolean => {
  const [, partition, , , account, resource = ''] = role.split(':');
  return caller.arn.startsWith(`arn:${partition}:sts::${account}:assumed-role/${resource.split('/').at(-1)}/`);
};

/** The caller's own session name, so that CloudTrail and the ledger's history say who it was. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const sessionName = ({ arn }: Caller): string =>
  (arn.split('/').at(-1) ?? '')
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');

const assume = async (clients: Clients, { arn, caller }: { arn: string; caller: Caller }): Promise<RoleCredentials> => {
  const { Credentials: given } = await clients.sts().send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: sessionName(caller) }));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken: sessionToken = '' } = given ?? {};
  return { accessKeyId, secretAccessKey, sessionToken };
};

const unlessDenied = (error: unknown): undefined => {
  if (explain(error).exitClass !== 'denied') throw error;
};
