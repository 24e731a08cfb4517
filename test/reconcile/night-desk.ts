// Nights against the sender's stand-in and the emulator, on one clock: the queue is an array, the kept run a text.
import { type ManualClock, manualClock } from '../../local/rdv-solidarites/records/clock.ts';
import type { SenderOptions } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { READER, type Sender as StandIn, startSender } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { openCalls } from '../../src/dataverse/calls.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { moveCalendars } from '../../src/delivery/move-calendars.ts';
import { contentOf } from '../../src/intake/envelope.ts';
import { openPace } from '../../src/rdv-solidarites/api/pace.ts';
import { openSender } from '../../src/rdv-solidarites/api/sender.ts';
import { openTransport } from '../../src/rdv-solidarites/api/transport.ts';
import { recordName, writeSnapshot } from '../../src/rdv-solidarites/snapshot.ts';
import { keepNight, type WindowMessage, type Worked, workOn } from '../../src/reconcile/chain.ts';
import type { Compared, Reading } from '../../src/reconcile/compare.ts';
import { newRun, type Run, run as schema } from '../../src/reconcile/run.ts';
import type { RunStore } from '../../src/reconcile/run-store.ts';
import { work } from '../../src/reconcile/work.ts';
import { type Bench, startBench } from '../delivery/bench.ts';

export const DAY = 86_400_000;
/** Half past four in Paris. */
export const NIGHT = Date.parse('2026-11-24T03:30:00Z');

export interface NightDesk {
  readonly bench: Bench;
  readonly standIn: StandIn;
  readonly clock: ManualClock;
  readonly store: RunStore;
  /** Messages of the chain that wait. */
  readonly queue: WindowMessage[];
  readonly chain: Worked;
  readonly told: Run[];
  readonly found: Compared[];
  readonly healed: string[];
  /** Steps that one item has time for. */
  itemSteps: number;
  /** Called before each record is sent: a test lets the worker die there. */
  beforeHeal: () => void;
  /** The agent whose account reads; 0: the token is gone. */
  agent: number;
  /** Hands a body over as a webhook, received now. */
  webhook(body: string): Promise<void>;
  /** Moves to half past four, and works until the chain is over. */
  night(): Promise<Run>;
  /** Compares without writing: what is still to be done. */
  look(): Promise<Run>;
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export function memoryStore(): RunStore {
  let kept: string | undefined;
  let held = false;
  const read = async () => (kept === undefined ? undefined : schema.parse(JSON.parse(kept)));
  return {
    read,
    locked: async (work) => {
      if (held) return undefined;
      held = true;
      try {
        return await work({
          run: await read(),
          write: async (next) => {
            kept = JSON.stringify(next);
          },
        });
      } finally {
        held = false;
      }
    },
  };
}

export interface NightOptions {
  readonly size?: SenderOptions['size'];
  readonly deliver?: SenderOptions['deliver'];
  readonly settings?: Record<string, string>;
}

export async function openNightDesk({ size, deliver: send, settings }: NightOptions = {}): Promise<NightDesk> {
  const clock = manualClock(NIGHT);
  const [bench, standIn] = await Promise.all([
    startBench(settings === undefined ? {} : { settings }),
    startSender({ clock, ...(size && { size }), ...(send && { deliver: send }) }),
  ]);
  const worker = { ...bench.worker, now: clock.now };
  const log = (level: string, event: string, fields: object) => void bench.events.push({ level, event, ...fields });
  const pass = {
    now: clock.now,
    sleep: async (ms: number) => clock.moveTo(clock.now() + ms),
  };
  const store = memoryStore();
  const queue: WindowMessage[] = [];
  const heal = async (id: string, { record, version, readAt }: Reading) => {
    desk.beforeHeal();
    desk.healed.push(recordName(record));
    const content = contentOf(writeSnapshot(record, version));
    const notificationId = `${id}.${recordName(record)}`;
    await deliver({ v: 1, kind: 'snapshot', notificationId, receivedAt: readAt, content }, worker, log);
  };
  const chain: Worked = {
    store,
    now: clock.now,
    send: async (message, delayMs) => {
      queue.push(message);
      if (delayMs > 0) clock.moveTo(clock.now() + delayMs);
    },
    work: (run, save) => {
      let steps = 0;
      const pace = openPace({ perMinute: 600, nextAt: run.nextAt, clock: pass });
      const signIn = {
        headers: async () => ({ authorization: `Bearer ${desk.agent === 0 ? 'none' : standIn.tokenFor(desk.agent)}` }),
        renew: async () => false,
      };
      const transport = openTransport({ url: standIn.url, signIn, timeoutMs: 5000, perMinute: 600, pace, clock: pass });
      return work(run, {
        sender: openSender(transport),
        calls: openCalls(worker.dataverse),
        policy: worker.policy,
        heal,
        report: async (found) => void desk.found.push(...found),
        save: async (next) => {
          steps += 1;
          await save({ ...next, nextAt: pace.nextAt });
        },
        isLate: () => steps >= desk.itemSteps,
        now: clock.now,
      });
    },
    tell: async (run) => void desk.told.push(structuredClone(run)),
  };
  const desk: NightDesk = {
    bench,
    standIn,
    clock,
    store,
    queue,
    chain,
    told: [],
    found: [],
    healed: [],
    itemSteps: 1000,
    beforeHeal: () => undefined,
    agent: READER,
    webhook: async (body) => {
      const receivedAt = clock.now();
      const content = contentOf(Buffer.from(body));
      await deliver({ v: 1, notificationId: `n-${receivedAt}`, receivedAt, content }, worker, log);
    },
    night: async () => {
      const today = clock.now() - ((clock.now() - NIGHT) % DAY);
      clock.moveTo(desk.told.length === 0 ? NIGHT : today + DAY);
      await moveCalendars(worker, log);
      if (!(await keepNight(chain, 4 * 60 + 30))) throw new Error('no night was due');
      await desk.drain();
      const last = desk.told.at(-1);
      if (last === undefined) throw new Error('the run did not end');
      return last;
    },
    look: async () => {
      const former = await store.read();
      const run = newRun({ id: 'look', kind: 'command', night: null, dryRun: true, now: clock.now(), former });
      await chain.work(run, async () => undefined);
      return run;
    },
    drain: async () => {
      for (let message = queue.shift(); message !== undefined; message = queue.shift()) await workOn(message, chain);
    },
    stop: async () => {
      await Promise.all([bench.stop(), standIn.stop()]);
    },
  };
  return desk;
}
