// One body of 5 MB, above the limit by default, received, and parsed: what the process holds.
import { createHmac } from 'node:crypto';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../../local/rdv-solidarites/make-notification.ts';
import { receive } from '../../../src/intake/receive.ts';
import { parseNotification } from '../../../src/rdv-solidarites/notification.ts';
import { given, tell } from '../child.ts';

export interface LargeBodySeen {
  readonly megabytes: number;
  readonly participants: number;
  /** Above what the process held before, in MB. */
  readonly received: number;
  readonly parsed: number;
}

const SECRET = 'secret-of-the-benchmark';
const { bytes } = given<{ bytes: number }>();
const body = largestBody();
const signature = createHmac('sha256', SECRET).update(body.bytes).digest('hex');

const before = await peakOf(async () => undefined);
const received = await peakOf(async () => {
  const { buffer, byteOffset, byteLength } = body.bytes;
  const headers = new Headers({ 'content-length': String(byteLength), 'x-lapin-signature': signature });
  const { answer } = await receive(
    { headers, arrayBuffer: async () => buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer },
    {
      secrets: { common: [{ position: 'RDV_WEBHOOK_SECRET', value: SECRET }], bySource: new Map() },
      maxBodyBytes: bytes,
      storeBody: async () => undefined,
      log: () => undefined,
      now: Date.now,
    },
  );
  if (answer.status !== 202) throw new Error(`refused with ${answer.status}`);
});
const parsed = await peakOf(async () => {
  if (parseNotification(body.bytes).kind !== 'notification') throw new Error('not understood');
});
const megabytes = (count: number) => count / 2 ** 20;
tell({
  megabytes: megabytes(body.bytes.length),
  participants: body.participants,
  received: megabytes(received - before),
  parsed: megabytes(parsed - before),
} satisfies LargeBodySeen);

/** An RDV with as many participants as fit. */
function largestBody(): { bytes: Buffer<ArrayBuffer>; participants: number } {
  const make = (participants: number) => {
    const data = makeRdv({
      id: 1,
      participations: Array.from({ length: participants }, (_, at) =>
        makeParticipation({ id: 1 + at, user: makeUser({ id: 1 + at }) }),
      ),
    });
    return Buffer.from(senderJson(makeNotification({ model: 'Rdv', event: 'updated', data })));
  };
  const each = (make(3100).length - make(3000).length) / 100;
  const participants = Math.floor((bytes - 10_000) / each);
  return { bytes: make(participants), participants };
}

/** Heap and buffers in bytes, at the most seen between steps of the work and at its end. */
async function peakOf(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const held = () => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  let peak = held();
  const watch = setInterval(() => {
    peak = Math.max(peak, held());
  }, 1);
  await work();
  clearInterval(watch);
  return Math.max(peak, held());
}
