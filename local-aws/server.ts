import type { Server } from 'node:http';

/**
 * Listens on a free port of the loopback interface. @returns `http://127.0.0.1:<port>`
 *
 * Turns off the server's time limits. After 5 s of silence Node would close a connection that a client keeps alive; a client that sends
 * its next request at that time gets ECONNRESET (https://nodejs.org/docs/latest-v20.x/api/http.html#serverkeepalivetimeout).
 */
export const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    Object.assign(server, { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0, timeout: 0 });
    server.once('error', reject);
    // Clients keep connections alive. One that the server closes while it is used again fails the call, on a slow machine alone.
    server.keepAliveTimeout = 0;
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error(`the server listens on '${address}', which is no port`));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });

/** Stops a server, cutting the connections that clients keep alive. */
export const shut = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
