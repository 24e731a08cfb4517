// Measure 2: how soon a notification is acknowledged, beside the least that a durable answer takes on the same host.
import { fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { sealWhole } from '../../src/intake/envelope.ts';
import { rdvBody } from './bodies.ts';
import { runChild } from './child.ts';
import type { CpuCase, CpuSeen } from './receiver/cpu.ts';
import { type Shot, shoot } from './receiver/open-loop.ts';
import type { Figure, Measure, Table } from './report.ts';
import { median, medianRatio, quantile, withSpread } from './statistics.ts';

const SECRET = 'secret-of-the-benchmark';
const HOST = fileURLToPath(new URL('receiver/host.ts', import.meta.url));
/** Participants of the RDV in a body: 3 to 30 kB. */
const PARTICIPANTS = [1, 1, 1, 2, 4, 8, 16, 23];
/** Requests a second, and how often the two take turns at each within a round: p99 wants many of them. */
const RATES = [
  { rate: 50, turns: 5 },
  { rate: 200, turns: 3 },
];
const ROUNDS = 5;
/** Short turns: what disturbs one disturbs the other. */
const TURN_SECONDS = 1;
/** Requests to each before a round counts. */
const WARM_UP = 150;
const SATURATED_SECONDS = 2;
const CONNECTIONS = 16;
const BARS = { p50: 1.3, p99: 1.5, cpu: 2 };
/** A body of 2 kB does not reach its bar; how far it may stay from it before the benchmark fails. */
const SMALL_BODY_ACCEPTED = 3;
/** CPU: participants in bodies of about 2, 20 and 200 kB. */
const CPU_BODIES = [
  { name: '2 kB', participants: 0 },
  { name: '20 kB', participants: 15 },
  { name: '200 kB', participants: 165 },
];
const TARGETS = ['receiver', 'floor'] as const;

type Target = (typeof TARGETS)[number];
type Latencies = Record<Target, { p50: number[]; p99: number[] }>;

const envelopeLength = (body: Buffer): number =>
  sealWhole({ v: 1, notificationId: '00000000-0000-4000-8000-000000000000', receivedAt: Date.now() }, body)?.length ??
  0;

export const measureReceiver: Measure = async ({ extent, say }) => {
  const cpu = await measureCpu(extent === 'full' ? 25 : 9);
  say('CPU of the handler');
  const bodies = PARTICIPANTS.map((participants) => rdvBody(participants));
  const lengths = Object.fromEntries(bodies.map((body) => [body.length, envelopeLength(body)]));
  const seen = RATES.map((one) => ({ ...one, latencies: noLatencies() }));
  const saturated: Saturated = { receiver: [], floor: [] };
  const rounds = extent === 'full' ? 3 * ROUNDS : ROUNDS;
  for (let round = 0; round < rounds; round += 1) {
    // A host and a storage of its own for each round: Azurite slows down as its queues grow.
    const child = fork(HOST, [SECRET, JSON.stringify(lengths)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [url] = (await once(child, 'message')) as [string];
    const shots = bodies.map((body) => shotsOf(url, body));
    for (const target of TARGETS) await shoot(take(shots, target, WARM_UP), 100);
    for (const one of seen) await measureRound(shots, one);
    for (const target of inTurn(round)) saturated[target].push(await saturate(shots, target));
    child.disconnect();
    await once(child, 'exit');
  }
  say(`latency, ${rounds} rounds`);
  return {
    title: 'Acknowledgement',
    text: [
      `The receiver on the local host, with real HTTP and a real queue (Azurite), beside a function of the same host that only puts a constant message of the same size on another queue: the floor of a durable answer. Bodies are RDV of ${bodies[0] === undefined ? '' : kilobytes(bodies[0])} to ${kilobytes(bodies.at(-1) ?? Buffer.alloc(0))}, signed. Requests leave at a fixed rate whether or not others are answered, and count from when they were due. The two take turns every second; ratios are medians of ${rounds} rounds. A p99 is that of some hundred requests, so that a ratio below 1 is chance. The host, Azurite and the sender of the requests are three processes on the same machine.`,
      `At saturation ${CONNECTIONS} connections of autocannon send as fast as they are answered. CPU is that of the handler in its own process, without host and storage, beside \`createHmac\` over the same bytes.`,
    ],
    figures: [...seen.flatMap(ratios), ...cpu.map(cpuFigure)],
    tables: [latencyTable(seen), saturationTable(saturated), cpuTable(cpu)],
  };
};

const kilobytes = (body: Buffer): string => `${(body.length / 1000).toFixed(0)} kB`;
const noLatencies = (): Latencies => ({ receiver: { p50: [], p99: [] }, floor: { p50: [], p99: [] } });

/** Who begins changes from round to round. */
const inTurn = (round: number): readonly Target[] => (round % 2 === 0 ? TARGETS : TARGETS.toReversed());

function shotsOf(url: string, body: Buffer): Record<Target, Shot> {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(body.length),
    'x-lapin-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
  };
  return {
    receiver: { url: `${url}/api/notifications`, headers, body },
    floor: { url: `${url}/api/floor`, headers, body },
  };
}

function* take(shots: readonly Record<Target, Shot>[], target: Target, count: number): Iterable<Shot> {
  for (let at = 0; at < count; at += 1) {
    const shot = shots[at % shots.length];
    if (shot !== undefined) yield shot[target];
  }
}

interface AtRate {
  readonly rate: number;
  readonly turns: number;
  readonly latencies: Latencies;
}

async function measureRound(shots: readonly Record<Target, Shot>[], { rate, turns, latencies }: AtRate): Promise<void> {
  const found: Record<Target, number[]> = { receiver: [], floor: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const target of inTurn(turn)) {
      found[target].push(...(await shoot(take(shots, target, rate * TURN_SECONDS), rate)));
    }
  }
  for (const target of TARGETS) {
    latencies[target].p50.push(quantile(found[target], 0.5));
    latencies[target].p99.push(quantile(found[target], 0.99));
  }
}

/** What comes back when nothing is held back; latencies in ms. */
interface Flood {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

type Saturated = Record<Target, Flood[]>;

async function saturate(shots: readonly Record<Target, Shot>[], target: Target): Promise<Flood> {
  const [first] = shots;
  if (first === undefined) throw new Error('nothing to send');
  const { url } = first[target];
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SATURATED_SECONDS,
    requests: shots.map((shot) => {
      // autocannon writes its own Content-Length; two of them stall a server.
      const { 'content-length': _, ...headers } = shot[target].headers;
      return { method: 'POST', path: new URL(url).pathname, headers, body: shot[target].body };
    }),
  });
  if (result.non2xx + result.errors > 0 || result['2xx'] === 0) {
    throw new Error(`${target}: ${result['2xx']} accepted, ${result.non2xx + result.errors} not`);
  }
  return { perSecond: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
}

const measureCpu = (rounds: number): Promise<readonly CpuSeen[]> => {
  const given: CpuCase = { secret: SECRET, participants: CPU_BODIES.map(({ participants }) => participants), rounds };
  return runChild<readonly CpuSeen[]>('receiver/cpu.ts', given);
};

function ratios({ rate, latencies: { receiver, floor } }: AtRate): readonly Figure[] {
  return (['p50', 'p99'] as const).map((quantile) => ({
    name: `Acknowledgement at ${rate} requests/s, ${quantile}, of the floor's`,
    value: medianRatio(receiver[quantile], floor[quantile]),
    unit: '×',
    bar: { atMost: BARS[quantile] },
  }));
}

function cpuFigure({ handler, bare }: CpuSeen, at: number): Figure {
  const [all, hmac] = [median(handler), median(bare)];
  const why = `the HMAC of so small a body takes ${hmac.toFixed(1)} µs, and the rest ${(all - hmac).toFixed(1)} µs, most of which does not depend on its size: id, envelope, log line, headers, promises. Both are small beside the milliseconds of an acknowledgement.`;
  return {
    name: `CPU of the handler, body of ${CPU_BODIES[at]?.name}, of a bare HMAC's`,
    value: medianRatio(handler, bare),
    unit: '×',
    bar: { atMost: BARS.cpu },
    ...(at === 0 ? { shortfall: { accepted: SMALL_BODY_ACCEPTED, why } } : {}),
  };
}

function latencyTable(seen: readonly AtRate[]): Table {
  return {
    title: 'Latency in ms: median of the rounds (least–most).',
    columns: ['requests/s', '', 'p50', 'p99'],
    rows: seen.flatMap(({ rate, latencies }) =>
      TARGETS.map((target) => {
        const { p50, p99 } = latencies[target];
        return [rate, target, withSpread(p50, 2), withSpread(p99, 2)];
      }),
    ),
  };
}

function saturationTable({ receiver, floor }: Saturated): Table {
  const row = (name: string, floods: readonly Flood[]) => [
    name,
    withSpread(
      floods.map(({ perSecond }) => perSecond),
      0,
    ),
    ...(['p50', 'p99'] as const).map((key) =>
      withSpread(
        floods.map((flood) => flood[key]),
        0,
      ),
    ),
  ];
  const ratio = (key: keyof Flood) =>
    `${medianRatio(
      receiver.map((flood) => flood[key]),
      floor.map((flood) => flood[key]),
    ).toFixed(2)}×`;
  return {
    title: `At saturation, with ${CONNECTIONS} connections: answers a second, and latency in ms (least–most).`,
    columns: ['', 'answers/s', 'p50', 'p99'],
    rows: [
      row('receiver', receiver),
      row('floor', floor),
      ['receiver, of the floor', ratio('perSecond'), ratio('p50'), ratio('p99')],
    ],
  };
}

function cpuTable(seen: readonly CpuSeen[]): Table {
  return {
    title: 'CPU in µs for one body: median of the rounds (least–most).',
    columns: ['body', 'bytes', 'handler', 'bare HMAC'],
    rows: seen.map(({ bytes, handler, bare }, at) => [
      CPU_BODIES[at]?.name ?? '',
      bytes,
      withSpread(handler, 1),
      withSpread(bare, 1),
    ]),
  };
}
