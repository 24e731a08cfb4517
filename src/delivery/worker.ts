// The worker of one process, made from the settings.
import { openLine } from '../dataverse/line.ts';
import { openOnce } from '../open-once.ts';
import type { Settings } from '../settings.ts';
import { deleteBody, loadBody } from '../storage/bodies.ts';
import { openStorage } from '../storage/clients.ts';
import { sendEnvelope } from '../storage/queue.ts';
import type { Worker } from './deliver.ts';
import { createMemory } from './memory.ts';
import { quarantine } from './quarantine.ts';
import { inTurn } from './turns.ts';

/** The one worker of this process, for all functions; a start that failed is tried again by the next call. */
export const sharedWorker = openOnce(openWorker);

/** Opens what the worker needs; nothing is sent before the first message. */
async function openWorker(settings: Settings): Promise<Worker> {
  const storage = await openStorage(settings.storage);
  return {
    line: openLine(settings.dataverse),
    memory: createMemory(),
    policy: settings.policy,
    maxAgeMs: settings.maxAgeMs,
    firstDelayMs: settings.firstDelayMs,
    inTurn: inTurn(),
    loadBody: (name) => loadBody(storage, name),
    dropBody: (name) => deleteBody(storage, name),
    quarantine: (id, item) => quarantine(storage, id, item),
    sendLater: (envelope, delayMs) => sendEnvelope(storage, envelope, delayMs),
    now: Date.now,
    chance: Math.random,
  };
}
