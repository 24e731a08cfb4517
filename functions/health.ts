// HTTP trigger: GET /api/health, for probes and for those who deploy. It names the checks that fail, and nothing more.
import { app } from '@azure/functions';
import { readSettings } from '../src/settings.ts';
import type { Health } from '../src/watch/health.ts';

const settings = readSettings();
let ask: Promise<() => Promise<Health>> | undefined;

app.http('health', {
  methods: ['GET'],
  route: 'health',
  authLevel: 'anonymous',
  handler: async () => {
    ask ??= open();
    const health = await (await ask)();
    return {
      status: health.status === 'ok' ? 200 : 503,
      jsonBody: health,
      headers: { 'Cache-Control': 'no-store' },
    };
  },
});

async function open(): Promise<() => Promise<Health>> {
  const { createHealth } = await import('../src/watch/health.ts');
  const { checksOf } = await import('../src/watch/checks.ts');
  return createHealth(checksOf(settings), { keepMs: 60_000, timeoutMs: 10_000, now: Date.now });
}
