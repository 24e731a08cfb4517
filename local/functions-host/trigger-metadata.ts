// `context.triggerMetadata` of a queue function.
import type { RpcTypedData } from './rpc.ts';

export interface ReceivedMessage {
  messageId: string;
  popReceipt: string;
  dequeueCount: number;
  insertedOn: Date;
  expiresOn: Date;
  nextVisibleOn: Date;
  /** As it is on the wire, still encoded. */
  messageText: string;
}

/**
 * The queue's own facts, then the payload's top-level keys **over** them: a payload can say anything about its id or
 * dequeue count (azure-functions-host, `Utility.ApplyBindingData`).
 */
export function triggerMetadata(message: ReceivedMessage, text: string): Record<string, RpcTypedData> {
  const date = (value: Date): RpcTypedData => ({
    json: JSON.stringify(value.toISOString().replace(/\.?0*Z$/, '+00:00')),
  });
  const metadata = new Map<string, [name: string, value: RpcTypedData]>();
  const set = (name: string, value: RpcTypedData) => {
    const known = metadata.get(name.toLowerCase());
    metadata.set(name.toLowerCase(), [known?.[0] ?? name, value]);
  };
  set('QueueTrigger', { string: text });
  set('DequeueCount', { int: message.dequeueCount });
  set('ExpirationTime', date(message.expiresOn));
  set('Id', { string: message.messageId });
  set('InsertionTime', date(message.insertedOn));
  set('NextVisibleTime', date(message.nextVisibleOn));
  set('PopReceipt', { string: message.popReceipt });
  for (const [name, value] of payloadKeys(text)) set(name, value);
  return Object.fromEntries(metadata.values());
}

/** Scalars as .NET text, objects as JSON; null and arrays are left out. */
function payloadKeys(text: string): [string, RpcTypedData][] {
  const payload = parse(text);
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return [];
  return Object.entries(payload)
    .filter(([, value]) => value !== null && !Array.isArray(value))
    .map(([name, value]) => [
      name,
      typeof value === 'object' ? { json: JSON.stringify(value) } : { string: scalar(value) },
    ]);
}

const scalar = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'True' : 'False') : `${value}`);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
