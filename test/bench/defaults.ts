// What the deployed connector runs with, read where it is said.
import { readFileSync } from 'node:fs';
import { readHostJson } from '../../local/functions-host/host-json.ts';
import { readDataverseSettings } from '../../src/settings.ts';

/** host.json: how many messages a process takes at a time, and at how many still running it takes more. */
export const QUEUES = readHostJson(
  JSON.parse(readFileSync(new URL('../../host.json', import.meta.url), 'utf8')),
).queues;

/** DATAVERSE_CONCURRENCY: exchanges of a process at the same time. */
export const PLACES = readDataverseSettings({ DATAVERSE_URL: 'http://127.0.0.1' }).concurrency;

/** Microsoft Learn, "Service protection API limits": of one user, on one server. */
export const LIMITS = { requests: 6_000, executionSeconds: 1_200, windowSeconds: 300, concurrent: 52 };
