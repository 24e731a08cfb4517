// HTTP trigger: GET /api/health, for probes and for those who deploy. It names the version and
// the checks that fail, and nothing more.
import { app } from '@azure/functions';
import manifest from '../package.json' with { type: 'json' };
import { openOnce } from '../src/open-once.ts';
import { readSettings } from '../src/settings.ts';
import type { Health } from '../src/watch/health.ts';

const settings = readSettings();
const ask = openOnce(openHealth);

app.http('health', {
  methods: ['GET'],
  route: 'health',
  authLevel: 'anonymous',
  handler: async () => {
    const examine = await ask();
    const health = await examine();
    return {
      status: health.status === 'ok' ? 200 : 503,
      jsonBody: { ...health, version: manifest.version },
      headers: { 'Cache-Control': 'no-store' },
    };
  },
});

async function openHealth(): Promise<() => Promise<Health>> {
  const { createHealth } = await import('../src/watch/health.ts');
  const { checksOf } = await import('../src/watch/checks.ts');
  return createHealth(checksOf(settings), { keepMs: 60_000, timeoutMs: 10_000, now: Date.now });
}
