// What became of a notification that was sent: seen where it ends, in the links of Dynamics, in quarantine or on hold.
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { type DataverseAccess, openCalls } from '../../dataverse/calls.ts';
import { FRESH } from '../../dataverse/connection.ts';
import { listHeld } from '../../delivery/held.ts';
import { readQuarantine } from '../../delivery/quarantine.ts';
import { foreignTo } from '../../delivery/source-organisations.ts';
import { parseNotification } from '../../rdv-solidarites/notification.ts';
import { tables } from '../../schema/tables.ts';
import { type Environment, readStorageSettings } from '../../settings.ts';
import { openStorage, type Storage } from '../../storage/clients.ts';
import { countsFrom } from '../../sync/model/version.ts';
import { openPlanning, planNow } from '../explain.ts';
import { printable, type Terminal } from '../terminal.ts';
import type { Words } from '../text.ts';

export interface Sent {
  readonly id: string;
  readonly body: Uint8Array;
  readonly source: string | undefined;
}

interface Outcome {
  /** Whether the worker is done with it, in any way but quarantine. */
  readonly done: boolean;
  readonly line: Words;
}

/** The worker looks at an empty queue every two seconds, and a cold one takes longer. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 500;

/** Those of `npm start`, where the environment says nothing else. */
export function localSettings(environment: Environment): Environment {
  const port = (name: string, usual: number) => environment[name] || `${usual}`;
  const account = `http://127.0.0.1:${port('AZURITE_BLOB_PORT', 10_000)}/devstoreaccount1`;
  const queues = `http://127.0.0.1:${port('AZURITE_QUEUE_PORT', 10_001)}/devstoreaccount1`;
  return {
    DATAVERSE_URL: `http://127.0.0.1:${port('DATAVERSE_PORT', 7072)}`,
    NOTIFICATIONS_STORAGE:
      environment['NOTIFICATIONS_STORAGE'] ||
      // The account of every Azurite (Microsoft Learn, "Use the Azurite emulator", Well-known storage account and key).
      `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${AZURITE_KEY};BlobEndpoint=${account};QueueEndpoint=${queues};`,
  };
}

const AZURITE_KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Looks twice a second, for a minute at most. @throws CommandError, DataverseError, and errors of the storage SDK */
export async function waitForOutcome(sent: Sent, settings: Environment, { progress }: Terminal): Promise<Outcome> {
  const look = await lookerFor(sent, settings);
  const began = Date.now();
  while (Date.now() - began < PATIENCE_MS) {
    const found = await look();
    if (found !== undefined) {
      progress?.('');
      return found;
    }
    const seconds = Math.round((Date.now() - began) / 1000);
    progress?.({
      en: `waiting for what becomes of it, ${seconds} s`,
      fr: `en attente de ce qu’elle devient, ${seconds} s`,
    });
    await setTimeout(AGAIN_MS);
  }
  const waited = PATIENCE_MS / 1000;
  return {
    done: false,
    line: {
      en: `still waiting after ${waited} s: look later, by its id`,
      fr: `toujours en attente après ${waited} s : regardez plus tard, par son identifiant`,
    },
  };
}

async function lookerFor(sent: Sent, settings: Environment): Promise<() => Promise<Outcome | undefined>> {
  const planning = openPlanning(settings);
  const hasStorage = Object.keys(settings).some((name) => name.startsWith('NOTIFICATIONS_STORAGE'));
  const storage = hasStorage ? await openStorage(readStorageSettings(settings)) : undefined;
  const { body, source } = sent;
  const parsed = parseNotification(body);
  if (parsed.kind === 'unknown') {
    const ignored = { done: true, line: { en: `ignored: ${parsed.reason}`, fr: `ignorée : ${parsed.reason}` } };
    return async () => ignored;
  }
  const applied = async (): Promise<Outcome | undefined> => {
    const records = (await writtenBy(sent.id, planning.dataverse)).join(', ');
    return records === ''
      ? undefined
      : { done: true, line: { en: `applied: ${records}`, fr: `appliquée : ${records}` } };
  };
  return async () => {
    const written = await applied();
    if (written !== undefined) return written;
    const kept = storage === undefined ? undefined : await keptAway(sent.id, storage);
    if (kept !== undefined || parsed.kind !== 'notification') return kept;
    const { notification } = parsed;
    const asOf = { ...notification, snapshotAt: countsFrom(notification.snapshotAt, Date.now()) };
    if (foreignTo(source, notification, planning.policy) !== undefined) return undefined;
    const plan = await planNow(asOf, body, { source, ...planning });
    if (plan.changeSets.length > 0) return undefined;
    // Nothing is left to write: the worker may have written it since the first look.
    const { outcome } = plan;
    const nothing = { en: `${outcome}: nothing to write`, fr: `${outcome} : rien à écrire` };
    return (await applied()) ?? { done: true, line: nothing };
  };
}

const links = z.object({ value: z.array(z.object({ rdvs_name: z.string() })) });

/** The records whose link it wrote last. */
async function writtenBy(id: string, dataverse: DataverseAccess): Promise<readonly string[]> {
  const request = {
    collection: tables.rdvs_link.entitySet,
    select: ['rdvs_name'],
    filter: `rdvs_lastnotification eq '${id}'`,
    headers: FRESH,
  };
  const answer = await openCalls(dataverse).run((api, signal) => api.retrieveMultiple({ ...request, signal }));
  return links
    .parse(answer)
    .value.map(({ rdvs_name }) => rdvs_name)
    .sort();
}

async function keptAway(id: string, storage: Storage): Promise<Outcome | undefined> {
  const item = await readQuarantine(storage, id);
  if (item !== undefined) {
    const why = printable(`${item.code}, ${item.reason}`);
    return { done: false, line: { en: `in quarantine: ${why}`, fr: `en quarantaine : ${why}` } };
  }
  const held = await listHeld(storage);
  return held.some(({ notificationId }) => notificationId === id)
    ? {
        done: true,
        line: {
          en: 'held: WRITE_TO_DYNAMICS is false in the application',
          fr: 'retenue : WRITE_TO_DYNAMICS est à false dans l’application',
        },
      }
    : undefined;
}
