// The worker of one process, made from the settings.
import { connect } from '../dataverse/connection.ts';
import { createGate } from '../dataverse/gate.ts';
import { tokenSource } from '../dataverse/token.ts';
import type { Envelope } from '../intake/envelope.ts';
import { encodeEnvelope } from '../intake/envelope.ts';
import type { Settings } from '../settings.ts';
import { loadBody } from '../storage/bodies.ts';
import { openStorage, type Storage } from '../storage/clients.ts';
import { NOTIFICATIONS_QUEUE } from '../storage/names.ts';
import type { Worker } from './deliver.ts';
import { createMemory } from './memory.ts';
import { quarantine } from './quarantine.ts';
import { inTurn } from './turns.ts';

/** Opens what the worker needs; nothing is sent before the first message. */
export async function openWorker(settings: Settings): Promise<Worker> {
  const storage = await openStorage(settings.storage);
  const { dataverse } = settings;
  const { token, renew } = tokenSource(dataverse);
  return {
    line: {
      connection: connect({ url: dataverse.url, token, idleTimeoutMs: dataverse.timeoutMs }),
      timeoutMs: dataverse.timeoutMs,
      gate: createGate(dataverse.concurrency),
      renewToken: renew,
    },
    memory: createMemory(),
    policy: settings.policy,
    maxAgeMs: settings.maxAgeMs,
    inTurn: inTurn(),
    loadBody: (name) => loadBody(storage, name),
    quarantine: (id, item) => quarantine(storage, id, item),
    sendLater: (envelope, delayMs) => sendLater(storage, envelope, delayMs),
    now: Date.now,
    chance: Math.random,
  };
}

/** Sends an envelope that becomes visible later and never expires: without a life time, storage drops it after 7 days. */
async function sendLater({ queues }: Storage, envelope: Envelope, delayMs: number): Promise<void> {
  const text = encodeEnvelope(envelope).toString('base64');
  await queues
    .getQueueClient(NOTIFICATIONS_QUEUE)
    .sendMessage(text, { visibilityTimeout: Math.ceil(delayMs / 1000), messageTimeToLive: -1 });
}
