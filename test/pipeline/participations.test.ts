// From the webhook to the row of each person, and what PARTICIPATIONS=false leaves alone.
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
/** The process keeps its memory from one environment to the next, so each has people of its own. */
function body(id: number, usager: number): string {
  const participations = statuses.map((status, at) =>
    makeParticipation({ status, user: makeUser({ id: usager + at }) }),
  );
  const data = makeRdv({ id, status: 'seen', participations });
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data }));
}

test.each([
  [{}, body(71, 12), [seen, noshow, excused]],
  [{ PARTICIPATIONS: 'false' }, body(72, 22), []],
])('an RDV of three with the settings %j', async (settings, sent, expected) => {
  const pipeline = await startPipeline(settings);
  onTestFinished(() => pipeline.stop());
  await pipeline.deliver(sent);
  expect(pipeline.events('notification.done').at(-1)).toMatchObject({ outcome: 'applied', requests: 2 });
  const rows = pipeline.dataverse.rows.list('rdvs_participation');
  const byName = rows.toSorted((a, b) => String(a['rdvs_name']).localeCompare(String(b['rdvs_name'])));
  expect(byName.map(({ rdvs_status }) => rdvs_status)).toEqual(expected);
  expect(pipeline.dataverse.rows.list('appointment')).toMatchObject([{ rdvs_status: seen }]);
});
