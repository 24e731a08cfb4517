// Starts the host on the fixture app, with short times.
import type { Azurite } from '../../../azurite.ts';
import { type FunctionsHost, type HostOptions, startHost } from '../../host.ts';

export const SECRET = 'fixture-secret';
export const QUEUE = 'fixture-work';

export function startFixture(
  azurite: Pick<Azurite, 'connectionString'>,
  options: Partial<HostOptions> = {},
): Promise<FunctionsHost> {
  return startHost({
    hostJson: { version: '2.0', extensions: { queues: { maxDequeueCount: 3 } } },
    entries: [
      () => import('./http.ts'),
      () => import('./queue.ts'),
      () => import('./timer.ts'),
      () => import('./hooks.ts'),
    ],
    queueOverrides: { maxPollingInterval: 100 },
    timers: 'by-hand',
    ...options,
    settings: {
      FIXTURE_STORAGE: azurite.connectionString,
      FIXTURE_QUEUE: QUEUE,
      FIXTURE_SECRET: SECRET,
      FIXTURE_SCHEDULE: '* * * * * *',
      'AzureWebJobs.off.Disabled': 'true',
      ...options.settings,
    },
  });
}
