/**
 * Time limits of an AWS request, in milliseconds: to connect, and to receive the response. No request of the function takes longer when
 * AWS is healthy, and ten messages share one invocation. The local AWS emulator finds the timers of requests by these values.
 */
export const REQUEST_LIMITS = { connect: 1_000, response: 5_000 } as const;

/** The Lambda role's credentials as the service puts them into the environment: there is no other place to look for them. */
const roleCredentials = async () => ({
  accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
  secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
  sessionToken: process.env['AWS_SESSION_TOKEN'],
});

/** Connections are kept alive by default; `throwOnRequestTimeout` makes the second limit one, not a warning. */
const requestHandler = { connectionTimeout: REQUEST_LIMITS.connect, requestTimeout: REQUEST_LIMITS.response, throwOnRequestTimeout: true };

/** What all clients of the function share. */
export const clientSettings = (region: string) => ({ region, requestHandler, credentials: roleCredentials });
