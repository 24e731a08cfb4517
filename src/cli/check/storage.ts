// Checks that the queues and blob containers exist, and that the connector may read them.

import type { Environment, StorageSettings } from '../../settings.ts';
import { readStorageSettings } from '../../settings.ts';
import { openStorage } from '../../storage/clients.ts';
import { BODIES_CONTAINER, NOTIFICATIONS_QUEUE, POISON_QUEUE, QUARANTINE_CONTAINER } from '../../storage/names.ts';
import type { Text } from '../text.ts';
import { type Finding, type Flaw, ok, problem, skipped } from './finding.ts';
import { toReason } from './reason.ts';
import { hasReceiverSettings, NOT_HERE, problemsOf } from './settings.ts';

/** Milliseconds for one service. The storage SDKs try again for half a minute by themselves. */
const PATIENCE_MS = 5000;

const QUEUES: Text = { en: 'queues', fr: 'files' };
const BLOBS: Text = { en: 'blobs', fr: 'blobs' };

export async function checkStorage(environment: Environment): Promise<readonly Finding[]> {
  if (!hasReceiverSettings(environment)) return [QUEUES, BLOBS].map((subject) => skipped(subject, NOT_HERE));
  const wrong = problemsOf(() => readStorageSettings(environment));
  if (wrong.length > 0) {
    const remedy = {
      en: 'set where the storage account of the notifications is',
      fr: 'indiquez où est le compte de stockage des notifications',
    };
    return wrong.map((message) => problem({ en: 'storage', fr: 'stockage' }, { message, remedy }));
  }
  const settings = readStorageSettings(environment);
  return Promise.all([checkQueues(settings), checkContainers(settings)]);
}

async function checkQueues(settings: StorageSettings): Promise<Finding> {
  return checkService(QUEUES, [NOTIFICATIONS_QUEUE, POISON_QUEUE], async (name, abortSignal) => {
    const { queues } = await openStorage(settings);
    return queues.getQueueClient(name).exists({ abortSignal });
  });
}

async function checkContainers(settings: StorageSettings): Promise<Finding> {
  return checkService(BLOBS, [BODIES_CONTAINER, QUARANTINE_CONTAINER], async (name, abortSignal) => {
    const { blobs } = await openStorage(settings);
    return blobs.getContainerClient(name).exists({ abortSignal });
  });
}

/** One line for a service: either it answers and has what we need, or the line says what is wrong. */
async function checkService(
  subject: Text,
  needed: readonly string[],
  exists: (name: string, signal: AbortSignal) => Promise<boolean>,
): Promise<Finding> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const there = await Promise.all(needed.map((name) => exists(name, signal)));
    const missing = needed.filter((_, at) => there[at] !== true);
    return missing.length === 0 ? ok(subject, needed.join(', ')) : problem(subject, absent(missing));
  } catch (error) {
    return problem(subject, unreachable(error));
  }
}

const absent = (names: readonly string[]): Flaw => ({
  message: {
    en: `${names.join(', ')}: not in the storage account`,
    fr: `${names.join(', ')} : pas dans le compte de stockage`,
  },
  remedy: {
    en: 'deploy the infrastructure again, or create them by hand under these names',
    fr: 'redéployez l’infrastructure, ou créez-les à la main sous ces noms',
  },
});

function unreachable(error: unknown): Flaw {
  const { reason, status } = toReason(error);
  const isLate = reason === 'AbortError';
  if (status === 403 || status === 401) {
    return {
      message: {
        en: `NOTIFICATIONS_STORAGE: this account may not read them (${reason})`,
        fr: `NOTIFICATIONS_STORAGE : ce compte n’a pas le droit de les lire (${reason})`,
      },
      remedy: {
        en: 'give it the roles Storage Queue Data Contributor and Storage Blob Data Contributor',
        fr: 'donnez-lui les rôles Storage Queue Data Contributor et Storage Blob Data Contributor',
      },
    };
  }
  return {
    message: {
      en: `NOTIFICATIONS_STORAGE: no answer (${isLate ? `within ${PATIENCE_MS / 1000} s` : reason})`,
      fr: `NOTIFICATIONS_STORAGE : pas de réponse (${isLate ? `en ${PATIENCE_MS / 1000} s` : reason})`,
    },
    remedy: {
      en: 'check the address or the connection string, and that the network lets this machine through',
      fr: 'vérifiez l’adresse ou la chaîne de connexion, et que le réseau laisse passer cette machine',
    },
  };
}
