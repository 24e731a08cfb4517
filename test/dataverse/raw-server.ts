// A server below HTTP: it answers exactly the bytes, and the silences, that a test wants.
import { createServer, type Socket } from 'node:net';

export interface RawServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Answers each request on a connection with what `answer` does to its socket. */
export async function startRawServer(answer: (socket: Socket, request: string) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (/^(GET|POST|PATCH|DELETE) /.test(text)) answer(socket, text);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
      });
    },
  };
}
