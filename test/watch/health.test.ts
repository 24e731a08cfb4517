// The health check: what it runs, and how long it reuses an answer.
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../src/settings.ts';
import { checksOf } from '../../src/watch/checks.ts';
import { createHealth } from '../../src/watch/health.ts';

const fails = async () => {
  throw new Error('Canari-Test');
};
const hangs = () => new Promise<never>(() => undefined);

describe('health', () => {
  test('names the checks that fail or hang, without a word of why', async () => {
    const ask = createHealth(
      { good: async () => 1, bad: fails, slow: hangs },
      { keepMs: 0, timeoutMs: 20, now: () => 0 },
    );
    expect(await ask()).toEqual({ status: 'failing', failing: ['bad', 'slow'] });
  });

  test('examines again once its answer is old', async () => {
    let time = 0;
    let asked = 0;
    const one = async () => {
      asked += 1;
    };
    const ask = createHealth({ one }, { keepMs: 100, timeoutMs: 20, now: () => time });
    await Promise.all([ask(), ask()]);
    time = 99;
    await ask();
    expect(asked).toBe(1);
    time = 100;
    await ask();
    expect(asked).toBe(2);
  });

  test('fails on every part that cannot be reached', async () => {
    const settings = readSettings({
      DATAVERSE_URL: 'http://127.0.0.1:1',
      NOTIFICATIONS_STORAGE:
        'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=aaaa;QueueEndpoint=http://127.0.0.1:1/a;BlobEndpoint=http://127.0.0.1:1/a',
      RDV_WEBHOOK_SECRET: '@Microsoft.KeyVault(SecretUri=x)',
    });
    const ask = createHealth(checksOf(settings), { keepMs: 0, timeoutMs: 3000, now: () => 0 });
    expect(await ask()).toEqual({ status: 'failing', failing: ['secrets', 'queue', 'dataverse', 'schema'] });
  });
});
