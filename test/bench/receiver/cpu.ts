// CPU of the receiver's own work, beside the bare HMAC that nobody can spare.
import { createHmac } from 'node:crypto';
import { receive } from '../../../src/intake/receive.ts';
import { jsonLog } from '../../../src/log.ts';
import { rdvBody } from '../bodies.ts';
import { given, tell } from '../child.ts';
import { cpuOf } from '../cpu-time.ts';

export interface CpuCase {
  readonly secret: string;
  /** Of the RDV in each body. */
  readonly participants: readonly number[];
  readonly rounds: number;
}

/** CPU in µs of one call, round by round. */
export interface CpuSeen {
  readonly bytes: number;
  readonly handler: readonly number[];
  readonly bare: readonly number[];
}

/** CPU that a round should take about, in ms, so that its clock is fine enough. */
const ROUND_MS = 150;

const { secret, participants, rounds } = given<CpuCase>();
const log = jsonLog({ info: () => undefined, warn: () => undefined, error: () => undefined });
const seen: CpuSeen[] = [];
for (const count of participants) seen.push(await measure(rdvBody(count)));
tell(seen);

async function measure(body: Buffer): Promise<CpuSeen> {
  const arrival = new Uint8Array(body).buffer;
  const bare = () => createHmac('sha256', secret).update(Buffer.from(arrival)).digest('hex');
  const headers = new Headers({ 'content-length': String(body.length), 'x-lapin-signature': bare() });
  const request = { headers, arrayBuffer: async () => arrival };
  const dependencies = {
    secrets: { common: [{ position: 'RDV_WEBHOOK_SECRET', value: secret }], bySource: new Map() },
    maxBodyBytes: 5_000_000,
    // What the blob service takes is not the handler's own CPU.
    storeBody: async () => undefined,
    log,
    now: Date.now,
  };
  const handler = () => receive(request, dependencies);

  const warm = await cpuOf(20_000, handler);
  await cpuOf(20_000, bare);
  const times = Math.max(50, Math.round(ROUND_MS / warm));
  const found = { bytes: body.length, handler: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    found.bare.push(1000 * (await cpuOf(times, bare)));
    found.handler.push(1000 * (await cpuOf(times, handler)));
  }
  return found;
}
