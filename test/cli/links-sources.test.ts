// `links suggest --held` and `--sender`: day one, without a file from nowhere.
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { PASSWORD, type Sender, startSender } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { run } from '../../src/cli/main.ts';
import { hold } from '../../src/delivery/held.ts';
import { contentOf, type Envelope } from '../../src/intake/envelope.ts';
import { openStorage, type Storage } from '../../src/storage/clients.ts';
import { CONNECTOR_TOKEN } from '../dataverse/connector-user.ts';
import { body, Desk, person } from '../matching/desk.ts';

const desk = new Desk();
let azurite: Azurite;
let storage: Storage;
let sender: Sender;
beforeAll(async () => {
  azurite = await startAzurite();
  storage = await openStorage({ kind: 'connection-string', connectionString: azurite.connectionString });
  sender = await startSender({ allowedHosts: ['127.0.0.1'] });
});
afterAll(async () => {
  await sender.stop();
  await azurite.stop();
});

async function suggest(...flags: string[]) {
  const [printed, complaints]: [string[], string[]] = [[], []];
  const code = await run(['links', 'suggest', ...flags], {
    environment: {
      DATAVERSE_URL: desk.dataverse.url,
      DATAVERSE_LOCAL_TOKEN: CONNECTOR_TOKEN,
      NOTIFICATIONS_STORAGE: azurite.connectionString,
      SENDER_URL: sender.url,
      BACKFILL_PACE: '600',
    },
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
    ask: async () => 'lecture@example.org',
    askSecret: async () => PASSWORD,
  });
  const lines: Record<string, string>[] = parse(printed.join('\n'), { columns: true, bom: true, delimiter: ';' });
  return { code, lines, complaints };
}

describe('links suggest', () => {
  test('--held says so when nothing is held', async () => {
    expect(await suggest('--held')).toMatchObject({ code: 1, complaints: ['--held: nothing is held'] });
  });

  test('--held takes the usagers of what waits, each by its newest copy, and leaves it waiting', async () => {
    const contact = desk.addContact(person);
    const bodies = [body({ id: 12 }, 5), body({ id: 12, first_name: 'Ancien' }, 1), body({ id: 13 }, 2, 'destroyed')];
    const texts = [...bodies, '{"nom":"Usager-Test"}'];
    for (const [at, text] of texts.entries()) {
      const bytes = Buffer.from(text);
      const envelope: Envelope = {
        v: 1,
        notificationId: `n-${at}`,
        receivedAt: 1_700_000_000_000 + at,
        content: contentOf(bytes),
      };
      await hold(storage, envelope, bytes);
    }
    for (const _ of ['once', 'again']) {
      const { code, lines, complaints } = await suggest('--held');
      expect(code).toBe(0);
      expect(lines).toMatchObject([{ usager: '12', prenom: 'Camille', situation: 'proposé', contact }]);
      expect(complaints[0]).toBe('n-3: not a notification, left out');
      expect(complaints.join()).not.toContain('Usager-Test');
    }
  });

  test('--sender takes everybody whom the account sees, each once', async () => {
    const { code, lines, complaints } = await suggest('--sender', '--sign-in');
    expect(code).toBe(0);
    const usagers = lines.map(({ usager }) => Number(usager));
    expect(usagers).toHaveLength(30);
    expect(usagers).toEqual([...new Set(usagers)].toSorted((a, b) => a - b));
    expect(complaints.at(-1)).toMatch(/^30 usagers: 0 proposed/);
  });

  test('--sender without a connection says what to do', async () => {
    const { code, complaints } = await suggest('--sender');
    expect({ code, text: complaints.join() }).toMatchObject({
      code: 1,
      text: expect.stringMatching(/SENDER_CLIENT_ID/),
    });
  });

  test('takes one source at a time', async () => {
    const { code, complaints } = await suggest('--sender', '--held');
    expect({ code, text: complaints.join() }).toMatchObject({
      code: 1,
      text: expect.stringContaining('cannot be used'),
    });
  });
});
