// What a run works with, made from the settings: for the functions, and for the command.
import { openDataverse } from '../dataverse/access.ts';
import { type Calls, openCalls } from '../dataverse/calls.ts';
import { withDeadline } from '../dataverse/deadline.ts';
import { enqueueSnapshot } from '../delivery/enqueue-snapshot.ts';
import type { Log } from '../log.ts';
import { openOnce } from '../open-once.ts';
import { openPace, type Pace } from '../rdv-solidarites/api/pace.ts';
import { openSender } from '../rdv-solidarites/api/sender.ts';
import { signInWithTokens } from '../rdv-solidarites/api/tokens.ts';
import { openTransport, type SignIn } from '../rdv-solidarites/api/transport.ts';
import type { SenderSettings, Settings } from '../settings.ts';
import { openStorage, type Storage } from '../storage/clients.ts';
import { RECONCILIATION_QUEUE } from '../storage/names.ts';
import { openTokenStore } from '../storage/sender-tokens.ts';
import { mappedColumns } from '../sync/mapped-columns.ts';
import { type Chain, keepNight, workOn } from './chain.ts';
import { minutesOf, quietFor } from './paris.ts';
import type { Run } from './run.ts';
import { openRunStore } from './run-store.ts';
import { tellOf } from './show-run.ts';
import type { Taking } from './take.ts';
import { countWaiting } from './waiting.ts';
import { work } from './work.ts';

/** No step begins later in an item, in ms: one may take half a minute. */
const ITEM_MS = 60_000;
/** When an item is given up, in ms: below the function's time-out of two minutes (host.json). */
const LIMIT_MS = 100_000;
/** One exchange with the sender within an item, in ms. */
const EXCHANGE_MS = 20_000;

export interface Reconciling {
  readonly storage: Storage;
  readonly settings: Pick<Settings, 'policy'>;
  readonly sender: SenderSettings;
  readonly signIn: SignIn;
  readonly calls: () => Calls;
}

/** What one item works with. The pace goes on from the item before. */
export function takingFor(run: Run, { storage, settings, sender, signIn, calls }: Reconciling, pace: Pace) {
  const { url, perMinute, timeoutMs } = sender;
  const startedAt = Date.now();
  return {
    sender: openSender(openTransport({ url, signIn, perMinute, timeoutMs: Math.min(timeoutMs, EXCHANGE_MS), pace })),
    calls: calls(),
    policy: settings.policy,
    heal: async (id, { record, version, readAt }) => {
      await enqueueSnapshot(record, { storage, run: id, version, readAt });
    },
    isLate: () => Date.now() - startedAt > ITEM_MS || quietFor(Date.now()) > 0,
    now: Date.now,
    save: async () => {
      run.nextAt = pace.nextAt;
    },
  } satisfies Taking;
}

interface Functions extends Reconciling {
  readonly chain: Chain;
}

/** The functions' own, once a process; undefined where no connection with the sender is set up. */
export const openFunctions = openOnce(
  async (settings: Settings, sender: SenderSettings): Promise<Functions | undefined> => {
    const { url, clientId, clientSecret, redirectUri, timeoutMs } = sender;
    if (clientId === undefined || !settings.dataverse.writes) return undefined;
    const storage = await openStorage(settings.storage);
    const client = { url, clientId, clientSecret, redirectUri, timeoutMs };
    const access = openDataverse(settings.dataverse, { places: 1, mapped: mappedColumns(settings.policy) });
    const queue = storage.queues.getQueueClient(RECONCILIATION_QUEUE);
    return {
      storage,
      settings,
      sender,
      signIn: signInWithTokens(client, openTokenStore(storage)),
      calls: () => openCalls(access),
      chain: {
        store: openRunStore(storage),
        now: Date.now,
        send: async (message, delayMs) => {
          const text = Buffer.from(JSON.stringify(message)).toString('base64');
          await queue.sendMessage(text, { visibilityTimeout: Math.ceil(delayMs / 1000), messageTimeToLive: -1 });
        },
      },
    };
  },
);

interface Watched {
  readonly sender: SenderSettings;
  readonly log: Log;
}

/** Begins the night's comparison when Paris says so. */
export async function reconcileNightly(settings: Settings, { sender, log }: Watched): Promise<void> {
  const opened = sender.reconcileAt === undefined ? undefined : await openFunctions(settings, sender);
  if (opened === undefined || sender.reconcileAt === undefined) return;
  await keepNight({ ...opened.chain, tell: tellWith(opened, log) }, minutesOf(sender.reconcileAt));
}

const tellWith =
  ({ storage, calls }: Functions, log: Log) =>
  (run: Run) =>
    tellOf(run, { calls: calls(), log, waiting: () => countWaiting(storage) });

/** Works on one item. What was sent before the connection was taken away is dropped. */
export async function reconcileWindow(message: unknown, settings: Settings, { sender, log }: Watched): Promise<void> {
  const opened = await openFunctions(settings, sender);
  if (opened === undefined) return;
  const { chain } = opened;
  await withDeadline(LIMIT_MS, () =>
    workOn(message, {
      ...chain,
      work: (run, save) => {
        const pace = openPace({ perMinute: sender.perMinute, nextAt: run.nextAt });
        const taking = takingFor(run, opened, pace);
        return work(run, {
          ...taking,
          save: async (next) => {
            await taking.save();
            await save(next);
          },
        });
      },
      tell: tellWith(opened, log),
    }),
  );
}
