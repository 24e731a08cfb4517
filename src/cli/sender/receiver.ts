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
    throw new CommandError(`WEBHOOK_URL: ${targetUrl} does not answer. Nothing was changed.`, { cause });
  });
  if (response.status === 202) return;
  const hint = response.status === 401 ? `is ${secret.position} the same there?` : 'is it the connector?';
  throw new CommandError(`WEBHOOK_URL: ${targetUrl} answered ${response.status}: ${hint} Nothing was changed.`);
}
