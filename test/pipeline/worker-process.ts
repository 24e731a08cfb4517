// A worker process of its own: one queue trigger alone, in its host, on shared storage and Dataverse.
import { startHost } from '../../local/functions-host/host.ts';

const settings = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
);
const entry =
  settings['WORKS_ON'] === 'snapshots'
    ? () => import('../../functions/apply-snapshot.ts')
    : () => import('../../functions/apply-notification.ts');
const host = await startHost({
  port: 0,
  settings,
  entries: [entry],
  // Azure gives a dead worker's message to another one after ten minutes; here after three seconds. One that is told to
  // stop has ten seconds there; here one.
  queueOverrides: { maxPollingInterval: 100, visibilityTimeout: 1000, invisibility: 3000 },
  drain: 1000,
  timers: 'by-hand',
  log: ({ message }) => console.log(message),
});
console.log('worker ready');
process.once('SIGTERM', () => {
  host.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
