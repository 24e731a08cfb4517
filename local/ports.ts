// The ports of the local start, each one set by a variable; 0 means any free port.
import { createServer } from 'node:net';

export const DEFAULTS = {
  FUNCTIONS_PORT: 7071,
  DATAVERSE_PORT: 7072,
  SENDER_PORT: 7073,
  AZURITE_QUEUE_PORT: 10001,
  AZURITE_BLOB_PORT: 10000,
} as const;

export type Ports = Record<keyof typeof DEFAULTS, number>;

/** @throws when a variable is not a port, or its port is in use; the message names the variable. */
export async function readPorts(env: NodeJS.ProcessEnv): Promise<Ports> {
  const ports: Ports = { ...DEFAULTS };
  for (const name of Object.keys(DEFAULTS) as (keyof Ports)[]) {
    const text = env[name];
    if (text) ports[name] = Number(text);
    if (!/^\d*$/.test(text ?? '') || ports[name] > 65_535)
      throw new Error(`${name} is "${text}": expected a port from 0 to 65535`);
    if (!(await isFree(ports[name]))) {
      throw new Error(
        `Port ${ports[name]} is already in use. Set ${name} to another port (0 = any free one) and start again.`,
      );
    }
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
