import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A moto server of our own: an AWS without access control, empty when it starts. */
export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Attempts to reach moto, ten a second. It starts within seconds; a slow machine may take minutes. */
const ATTEMPTS = 6_000;

/** Starts moto on a free port of the loopback interface and waits until it answers. */
export const startMoto = async (): Promise<Moto> => {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null) child.kill();
    await exited;
  };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (child.exitCode !== null) throw new Error(`moto_server ended with ${child.exitCode} before it answered on ${endpoint}`);
    const reply = await fetch(`${endpoint}/moto-api/data.json`).catch(() => undefined);
    if (reply?.ok) return { endpoint, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`moto_server did not answer on ${endpoint} within 10 minutes`);
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port on the loopback interface');
  return address.port;
};
