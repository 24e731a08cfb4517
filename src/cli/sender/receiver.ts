// Whether the connector is there, and takes what a secret signs: asked before RDV-Solidarités is told to send.

import type { Secret } from '../../intake/secrets.ts';
import { SIGNATURE_HEADER, sign } from '../../rdv-solidarites/signature.ts';
import { CommandError } from '../environment.ts';

const TIMEOUT_MS = 10_000;

/** A notification of a model that does not exist: it is accepted, then ignored. */
const PROBE = Buffer.from('{"data":{},"meta":{"model":"Connection","event":"created"}}');

/** @throws CommandError when the address does not accept a notification signed with this secret */
export async function probeReceiver(targetUrl: string, secret: Secret): Promise<void> {
  const headers = { 'Content-Type': 'application/json', [SIGNATURE_HEADER]: sign(secret.value, PROBE) };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const request = { method: 'POST', headers, body: PROBE, signal, redirect: 'manual' } as const;
  const response = await fetch(targetUrl, request).catch((cause: unknown) => {
    const words = {
      en: `WEBHOOK_URL: ${targetUrl} does not answer. Nothing was changed.`,
      fr: `WEBHOOK_URL : ${targetUrl} ne répond pas. Rien n’a été changé.`,
    };
    throw new CommandError(words, { cause });
  });
  if (response.status === 202) return;
  const { en, fr } =
    response.status === 401
      ? { en: `is ${secret.position} the same there?`, fr: `${secret.position} y est-il le même ?` }
      : { en: 'is it the connector?', fr: 'est-ce bien le connecteur ?' };
  throw new CommandError({
    en: `WEBHOOK_URL: ${targetUrl} answered ${response.status}: ${en} Nothing was changed.`,
    fr: `WEBHOOK_URL : ${targetUrl} a répondu ${response.status} : ${fr} Rien n’a été changé.`,
  });
}
