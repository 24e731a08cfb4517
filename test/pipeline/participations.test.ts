// From the webhook to the row of each person.
import { expect, onTestFinished, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { optionValues } from '../../src/schema/schema.ts';
import { startPipeline } from './pipeline.ts';

const { seen, noshow, excused } = optionValues.appointment.rdvs_status;
const statuses = ['seen', 'noshow', 'excused'] as const;
const participations = statuses.map((status, at) => makeParticipation({ status, user: makeUser({ id: 12 + at }) }));
const body = senderJson(
  makeNotification({ model: 'Rdv', event: 'updated', data: makeRdv({ status: 'seen', participations }) }),
);

test('an RDV of three has three statuses in rows, in two requests', async () => {
  const pipeline = await startPipeline();
  onTestFinished(() => pipeline.stop());
  await pipeline.deliver(body);
  expect(pipeline.events('notification.done').at(-1)).toMatchObject({ outcome: 'applied', requests: 2 });
  const rows = pipeline.dataverse.rows.list('rdvs_participation');
  const byName = rows.toSorted((a, b) => String(a['rdvs_name']).localeCompare(String(b['rdvs_name'])));
  expect(byName.map(({ rdvs_status }) => rdvs_status)).toEqual([seen, noshow, excused]);
  expect(pipeline.dataverse.rows.list('appointment')).toMatchObject([{ rdvs_status: seen }]);
});
