/** No call of ours takes longer in earnest, and the function's time is shared by ten messages. Milliseconds. */
const CONNECT_WITHIN = 1_000;
const ANSWER_WITHIN = 5_000;

/** The Lambda role's credentials as the service puts them into the environment: there is no other place to look for them. */
const roleCredentials = async () => ({
  accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
  sessionToken: process.env['AWS_SESSION_TOKEN'],
});

/** Connections are kept alive by default; `throwOnRequestTimeout` makes the second limit one, not a warning. */
const requestHandler = { connectionTimeout: CONNECT_WITHIN, requestTimeout: ANSWER_WITHIN, throwOnRequestTimeout: true };

/** What all clients of the function share. */
export const clientSettings = (region: string) => ({ region, requestHandler, credentials: roleCredentials });
