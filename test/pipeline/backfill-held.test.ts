// A backfill while the connector may not write.
import { expect, onTestFinished, test } from 'vitest';
import { makeNotification, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { openDesk } from './backfill-desk.ts';

test('the command refuses, and says so of an application that holds', async () => {
  const size = { organisations: 1, agents: 1, usagers: 5, rdvs: 5 };
  const desk = await openDesk({ size }, { WRITE_TO_DYNAMICS: 'false' });
  onTestFinished(desk.stop);
  expect(await desk.connector(['backfill', '--yes'], { WRITE_TO_DYNAMICS: 'false' })).toMatchObject({
    code: 1,
    text: expect.stringContaining('WRITE_TO_DYNAMICS is false'),
  });
  // Those who were named in the meantime can be tied before anything is written.
  const [usager] = desk.standIn.store.usagers.values();
  const user = makeUser({ id: usager?.id ?? 0, last_name: 'Retenue-Test' });
  await desk.pipeline.deliver(senderJson(makeNotification({ model: 'User', event: 'created', data: user })));
  const suggested = await desk.connector(['links', 'suggest', '--held']);
  expect(suggested).toMatchObject({ code: 0, text: expect.stringContaining('Retenue-Test') });
  const { text } = await desk.connector(['backfill', '--yes']);
  expect(text).toMatch(/ 0 applied, 0 same or newer already, 0 refused/);
  expect(text).toMatch(/\d+ held: .*WRITE_TO_DYNAMICS/);
}, 60_000);
