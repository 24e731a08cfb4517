// Tells open pages that rows have changed. The pages then reload what they show.

import type { ServerResponse } from 'node:http';
import type { Store } from '../dataverse/src/store/store.ts';

/** A change set holds many writes. Pages get one event for all of them. */
const LOOK_MS = 150;

/** Proxies and browsers give up on a silent connection. */
const KEEP_ALIVE_MS = 15_000;

/** Keeps the connection open and sends an event after each change, until the browser leaves. */
export function sendChanges(store: Store, response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  let seen = store.revision;
  let spokenAt = Date.now();
  const say = (words: string): void => {
    spokenAt = Date.now();
    response.write(words);
  };
  response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream; charset=utf-8' });
  say('retry: 1000\n\nevent: open\ndata:\n\n');
  const timer = setInterval(() => {
    if (store.revision !== seen) {
      seen = store.revision;
      say('event: change\ndata:\n\n');
    } else if (Date.now() - spokenAt > KEEP_ALIVE_MS) say(':\n\n');
  }, LOOK_MS);
  response.once('close', () => clearInterval(timer));
}
