// CPU and requests of the worker for RDV of different sizes; Dataverse is another process.
import { request } from 'node:http';
import { type DataverseAccess, openCalls } from '../../../src/dataverse/calls.ts';
import { connect } from '../../../src/dataverse/connection.ts';
import { createGate } from '../../../src/dataverse/gate.ts';
import { readRows } from '../../../src/dataverse/read.ts';
import { selectOf } from '../../../src/dataverse/tables.ts';
import { deliver } from '../../../src/delivery/deliver.ts';
import { createMemory } from '../../../src/delivery/memory.ts';
import { createProgress } from '../../../src/delivery/progress.ts';
import { createRoom } from '../../../src/delivery/room.ts';
import { inTurn } from '../../../src/delivery/turns.ts';
import type { Worker } from '../../../src/delivery/worker.ts';
import { contentOf } from '../../../src/intake/envelope.ts';
import type { UsagerId } from '../../../src/rdv-solidarites/models.ts';
import { parseNotification } from '../../../src/rdv-solidarites/notification.ts';
import { readPolicy } from '../../../src/settings.ts';
import { OUR_MAPPED_COLUMNS } from '../../../src/sync/mapped-columns.ts';
import { linkId } from '../../../src/sync/model/link-names.ts';
import { NOTHING_TO_READ } from '../../../src/sync/model/rows.ts';
import { usagerLink } from '../../../src/sync/people/people-names.ts';
import { rdvBody } from '../bodies.ts';
import { given, tell } from '../child.ts';
import { cpuOf } from '../cpu-time.ts';

export interface GrowthCase {
  readonly dataverseUrl: string;
  readonly sizes: readonly number[];
  readonly rounds: number;
}

export interface SizeSeen {
  readonly participants: number;
  /** CPU in ms of one notification: an RDV is created with its people, then marked as seen. */
  readonly applied: readonly number[];
  /** Of that, reading the body. */
  readonly parsed: readonly number[];
  /** Requests for one notification, at most. */
  readonly requests: number;
  /** CPU in ms of one reading of all people, through the library and as bare HTTP. */
  readonly library: readonly number[];
  readonly bare: readonly number[];
}

const { dataverseUrl, sizes, rounds } = given<GrowthCase>();
const START = Date.parse('2026-11-24T08:00:00Z');
/** CPU that a round should take about, in ms. */
const ROUND_MS = 200;

const dataverse: DataverseAccess = {
  connection: connect({ url: dataverseUrl, token: async () => 'local' }),
  timeoutMs: 45_000,
  gate: createGate(8),
  mapped: OUR_MAPPED_COLUMNS,
  renewToken: () => undefined,
};
const worker: Worker = {
  dataverse,
  // Remembers nothing for longer than an instant: every notification reads and writes.
  memory: createMemory({ rows: 1, ttl: 1 }),
  policy: readPolicy({}),
  maxAgeMs: Number.POSITIVE_INFINITY,
  firstDelayMs: 30_000,
  inTurn: inTurn(),
  room: createRoom(),
  loadBody: async () => undefined,
  dropBody: async () => undefined,
  quarantine: () => Promise.reject(new Error('nothing fails here')),
  sendLater: () => Promise.reject(new Error('nothing fails here')),
  progress: createProgress(async () => undefined, Date.now),
  now: Date.now,
  chance: Math.random,
};

let rdv = 0;
let second = 0;
await apply(1, 200);
await apply(30, 10);
tell(await measureAll());
process.exit(0);

async function measureAll(): Promise<readonly SizeSeen[]> {
  const seen = sizes.map((participants) => ({
    participants,
    times: Math.max(1, Math.round(ROUND_MS / (2 + participants / 3))),
    applied: [] as number[],
    parsed: [] as number[],
    library: [] as number[],
    bare: [] as number[],
    requests: 0,
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const one of seen) {
      const { participants, times } = one;
      const { cpu, requests } = await apply(participants, times);
      one.applied.push(cpu);
      one.requests = Math.max(one.requests, requests);
      const body = rdvBody(participants);
      one.parsed.push(await cpuOf(times, () => parseNotification(body)));
      const ids = Array.from({ length: participants }, (_, at) => (rdv * 1000 + at) as UsagerId);
      one.library.push(await cpuOf(times, () => readPeople(ids)));
      one.bare.push(await cpuOf(times, () => readBare(ids)));
    }
  }
  return seen;
}

/** CPU in ms of one notification, over so many RDV that are created and then marked. */
async function apply(participants: number, times: number): Promise<{ cpu: number; requests: number }> {
  const bodies = Array.from({ length: times }, () => {
    rdv += 1;
    second += 2;
    const at = START + second * 1000;
    return [rdvBody(participants, { rdv, at }), rdvBody(participants, { rdv, at: at + 1000, status: 'seen' })] as const;
  }).flat();
  let requests = 0;
  let next = 0;
  const cpu = await cpuOf(bodies.length, async () => {
    const body = bodies[next] ?? Buffer.from('');
    next += 1;
    const content = contentOf(body);
    const envelope = { v: 1, notificationId: `n-${second}-${next}`, receivedAt: START + second * 1000, content };
    await deliver(envelope, worker, (level, event, fields) => {
      if (event !== 'notification.done') throw new Error(`${level} ${event}`);
      requests = Math.max(requests, (fields as { requests: number }).requests);
    });
  });
  return { cpu, requests };
}

function readPeople(ids: readonly UsagerId[]): Promise<unknown> {
  return readRows(openCalls(dataverse), { ...NOTHING_TO_READ, links: ids.map(usagerLink) });
}

/** The same query in the same form, with nothing between it and the socket but JSON. */
function readBare(ids: readonly UsagerId[]): Promise<unknown> {
  const root = `${dataverseUrl}/api/data/v9.2/`;
  const parts = chunks(ids).flatMap((some) => {
    const values = some.map((id) => `'${linkId(usagerLink(id))}'`).join(',');
    const filter = `Microsoft.Dynamics.CRM.In(PropertyName='rdvs_linkid',PropertyValues=[${values}])`;
    const query = `$select=${selectOf('rdvs_link', dataverse.mapped).join(',')}&$filter=${encodeURIComponent(filter)}&$expand=rdvs_contact($select=${selectOf('contact', dataverse.mapped).join(',')})`;
    return [
      '--b',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `GET ${root}rdvs_links?${query} HTTP/1.1`,
      'Accept: application/json',
      '',
    ];
  });
  const body = [...parts, '--b--', ''].join('\r\n');
  return new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer local', 'content-type': 'multipart/mixed;boundary=b' };
    const sent = request(`${root}$batch`, { method: 'POST', headers }, (response) => {
      const received: Buffer[] = [];
      response.on('data', (chunk: Buffer) => received.push(chunk));
      response.on('end', () => {
        const answers = Buffer.concat(received).toString('utf8').split('--batchresponse_');
        resolve(answers.filter((text) => text.includes('{')).map(readPart));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function readPart(text: string): unknown {
  return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
}

/** As the connector asks: a hundred ids in a query. */
function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / 100) }, (_, at) => items.slice(at * 100, (at + 1) * 100));
}
