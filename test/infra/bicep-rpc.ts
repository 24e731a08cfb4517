// Many questions to one process of the Bicep CLI: starting it takes longer than most answers (`bicep jsonrpc`).
import { spawn } from 'node:child_process';
import { locateBicep } from '../../infra/tools/bicep.ts';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';

interface Answer {
  readonly error?: { readonly message: string };
  readonly result?: { readonly snapshot: string };
}

export interface BicepRpc {
  /** Why a parameter file cannot be deployed, or undefined. */
  refusal(parameterFile: string): Promise<string | undefined>;
  /** What a parameter file would deploy, as the text of a snapshot. */
  snapshot(parameterFile: string): Promise<string>;
  stop(): void;
}

export function startBicepRpc(): BicepRpc {
  const child = spawn(locateBicep() ?? 'bicep', ['jsonrpc', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<number, (message: Answer) => void>();
  let received = Buffer.alloc(0);
  let last = 0;

  child.stdout.on('data', (data: Buffer) => {
    received = Buffer.concat([received, data]);
    for (let body = takeBody(); body !== undefined; body = takeBody()) {
      const message = JSON.parse(body);
      waiting.get(message.id)?.(message);
    }
  });

  // The frames of the Language Server Protocol: a header with the length, an empty line, the body.
  function takeBody(): string | undefined {
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const length = Number(/Content-Length: (\d+)/i.exec(received.toString('utf8', 0, end))?.[1]);
    const body = received.subarray(end + 4, end + 4 + length);
    if (body.length < length) return undefined;
    received = received.subarray(end + 4 + length);
    return body.toString('utf8');
  }

  function ask(path: string): Promise<Answer> {
    last += 1;
    const id = last;
    const metadata = { subscriptionId: SUBSCRIPTION, location: 'francecentral' };
    const params = [{ path, metadata, externalInputs: [] }];
    const text = JSON.stringify({ jsonrpc: '2.0', id, method: 'bicep/getSnapshot', params });
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
  }

  return {
    refusal: async (path) => (await ask(path)).error?.message,
    snapshot: async (path) => {
      const { error, result } = await ask(path);
      if (result === undefined) throw new Error(error?.message);
      return result.snapshot;
    },
    stop: () => child.kill(),
  };
}
