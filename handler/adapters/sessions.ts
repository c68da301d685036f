import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { OWNING_PROJECT_TAG } from '../contract/registry';
import { lazily } from '../lazily';
import type { Clock } from '../ports';
import type { Settings } from '../settings';
import { isDenied, transient } from './aws-failure';
import { clientSettings } from './client-settings';

/** Credentials of the editor role in one account, tagged with one owning project. */
export type EditorSession = {
  /** Also in CloudTrail, beside every call made with it. */
  readonly name: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string };
};

export type EditorSessions = {
  readonly session: (account: string, owningProject: string) => Promise<EditorSession>;
  /** Gives a session up before its time: a role that was created again knows the old one's sessions no more. */
  readonly forget: (account: string, owningProject: string) => void;
};

/** A session is given up this long before it ends. Milliseconds; role chaining caps sessions at an hour. */
const RENEW_BEFORE = 5 * 60_000;

/** Sessions of the editor roles, kept per account and owning project for as long as they last. */
export const editorSessions = (settings: Settings, { clock, newId }: { clock: Clock; newId: () => string }): EditorSessions => {
  const client = lazily(() => new STSClient(clientSettings(settings.region)));
  const held = new Map<string, { readonly session: Promise<EditorSession>; readonly until: number }>();

  const assume = async (account: string, owningProject: string): Promise<{ session: EditorSession; until: number }> => {
    const RoleArn = `arn:${settings.partition}:iam::${account}:role/${settings.editorRole}`;
    const name = `${settings.deployment}-${newId()}`;
    const command = new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: name,
      ExternalId: settings.domainId,
      Tags: [{ Key: OWNING_PROJECT_TAG, Value: owningProject }],
    });
    const { Credentials: given } = await client()
      .send(command)
      .catch((error: unknown) => {
        throw transient(error, {
          what: `assuming '${RoleArn}'`,
          meanings: (failure) =>
            isDenied(failure)
              ? {
                  code: 'editor-role-unreachable',
                  message: `the Lambda role may not assume '${RoleArn}'; deploy the bucket account's stack of account ${account}, and check that no service control policy denies it`,
                }
              : undefined,
        });
      });
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken, Expiration } = given ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined || Expiration === undefined)
      throw transient(new Error('an answer without credentials'), { what: `assuming '${RoleArn}'` });
    return { session: { name, credentials: { accessKeyId, secretAccessKey, sessionToken } }, until: Expiration.getTime() - RENEW_BEFORE };
  };

  const keyOf = (account: string, owningProject: string) => `${account} ${owningProject}`;

  return {
    forget: (account, owningProject) => {
      held.delete(keyOf(account, owningProject));
    },
    session: (account, owningProject) => {
      const key = keyOf(account, owningProject);
      const known = held.get(key);
      if (known !== undefined && clock.now().getTime() < known.until) return known.session;
      const assumed = assume(account, owningProject);
      const session = assumed.then((given) => given.session);
      held.set(key, { session, until: Number.POSITIVE_INFINITY });
      assumed.then(
        ({ until }) => held.set(key, { session, until }),
        () => held.delete(key),
      );
      return session;
    },
  };
};
