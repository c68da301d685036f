import type { Server } from 'node:http';

/** Listens on a free port of the loopback interface. @returns `http://127.0.0.1:<port>` */
export const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
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
