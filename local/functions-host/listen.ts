// An HTTP server on the loopback interface that stops without cutting the answers in flight, until it is told to.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PortTaken } from '../azurite.ts';

/**
 * @param cut ends what is in flight, too
 * @throws {PortTaken}
 */
export async function listen(
  server: Server,
  port: number,
  cut: AbortSignal,
): Promise<{ url: string; stop(): Promise<void> }> {
  cut.addEventListener('abort', () => server.close().closeAllConnections());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(cause.code === 'EADDRINUSE' ? new PortTaken(port, { cause }) : cause),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Each answer in flight is the last one on its connection.
        server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
        const sweep = setInterval(() => server.closeIdleConnections(), 20);
        server.once('close', () => clearInterval(sweep));
      }),
  };
}
