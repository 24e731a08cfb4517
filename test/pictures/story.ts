// The story that the pictures of the documents tell. Everybody in it is invented.
import {
  makeAbsence,
  makeAgent,
  makeMotif,
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makePlageOuverture,
  makeRdv,
  makeUser,
  type NotificationInput,
  type Status,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { rdvSamples } from '../../local/rdv-solidarites/samples-rdv.ts';
import { dominique, makeCamille, usagerSamples } from '../../local/rdv-solidarites/samples-usager.ts';
import { run } from '../../src/cli/main.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';

/** Monday 14 December 2026, 9:00 in Paris: what clocks show while the pictures are taken. */
export const NOW = new Date('2026-12-14T08:00:00Z');

const camille = makeCamille('second', '2026');
const organisation = makeOrganisation();

const sent = <D extends object>(input: NotificationInput<D>): string =>
  senderJson(makeNotification({ at: '2026-12-14T07:45:00Z', ...input }));

interface Meeting {
  readonly id: number;
  readonly day: string;
  readonly hours: readonly [from: string, to: string];
  readonly motif: string;
  readonly user?: ReturnType<typeof makeUser>;
  readonly status?: Status;
}

function rdv({ id, day, hours: [from, to], motif, user = camille, status = 'unknown' }: Meeting): string {
  const data = makeRdv({
    id,
    agents: [dominique],
    motif: makeMotif({ id: id - 76_700, name: motif }),
    participations: [makeParticipation({ id: id + 10_000, user, status })],
    starts_at: `${day} ${from}:00 +0100`,
    ends_at: `${day} ${to}:00 +0100`,
    status,
    cancelled_at: status === 'unknown' || status === 'seen' ? null : `${day} 08:12:00 +0100`,
  });
  return sent({ model: 'Rdv', event: 'created', data });
}

const alex = makeUser({ id: 15, first_name: 'Alex' });
const sam = makeUser({ id: 16, first_name: 'Sam' });
const membership = (event: 'created' | 'destroyed', at: string): string =>
  sent({ model: 'UserProfile', event, at, data: { user: alex, organisation } });

const notifications: readonly string[] = [
  ...['user-created', 'user-created-proche', 'user-profile-created', 'user-updated'].map((name) =>
    senderJson(usagerSamples[name as keyof typeof usagerSamples]),
  ),
  ...(
    [
      'rdv-created',
      'rdv-rescheduled',
      'rdv-updated',
      'rdv-collectif-created',
      'rdv-visio-created',
      'rdv-telephone-created',
      'rdv-home-created',
    ] as const
  ).map((name) => senderJson(rdvSamples[name])),
  rdv({ id: 77_020, day: '2026-12-03', hours: ['09:30', '10:15'], motif: 'Accueil social', status: 'seen' }),
  rdv({ id: 77_021, day: '2026-12-07', hours: ['11:00', '11:30'], motif: 'Point sur le budget', status: 'noshow' }),
  rdv({ id: 77_022, day: '2026-12-14', hours: ['10:00', '10:45'], motif: 'Accueil social', user: sam }),
  rdv({ id: 77_023, day: '2026-12-14', hours: ['14:30', '15:00'], motif: 'Signature du contrat', user: alex }),
  rdv({
    id: 77_024,
    day: '2026-12-15',
    hours: ['10:30', '11:15'],
    motif: 'Accueil social',
    user: alex,
    status: 'excused',
  }),
  // Once each: a recurring one would leave the picture when the weeks of the real clock have passed it by.
  sent({
    model: 'PlageOuverture',
    event: 'created',
    data: makePlageOuverture({ agent: dominique, first_day: '2026-12-15', rrule: null }),
  }),
  sent({
    model: 'Absence',
    event: 'created',
    data: makeAbsence({ agent: dominique, first_day: '2026-12-17', end_time: '12:30:00' }),
  }),
  membership('created', '2026-12-14T07:46:00Z'),
  membership('destroyed', '2026-12-14T07:50:00Z'),
];

/** Ids of the contact and the RDV whose forms are shown. */
export interface People {
  readonly contact: string;
  readonly rdv: string;
}

/** Provisions the application and sends it all. */
export async function tell({ dataverse, deliver }: Pipeline): Promise<People> {
  await provisionApplication(dataverse.url);
  const { email, first_name: firstname, last_name: lastname } = makeAgent({ id: 5, first_name: 'Dominique' });
  dataverse.rows.insert('systemuser', { firstname, lastname, internalemailaddress: email });
  for (const body of notifications) await deliver(body);
  const [contact] = dataverse.rows.list('contact').filter((row) => row['firstname'] === 'Camille');
  const [meeting] = dataverse.rows.list('appointment').filter((row) => row['rdvs_rdvid'] === '77022');
  return { contact: String(contact?.['contactid']), rdv: String(meeting?.['activityid']) };
}

/** Makes the tables, columns and application of the connector there. */
export async function provisionApplication(url: string): Promise<void> {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const environment = { DATAVERSE_URL: url, DATAVERSE_LOCAL_TOKEN: 'local' };
  const code = await run(['provision'], { environment, print: say, complain: say });
  if (code !== 0) throw new Error(said.join('\n'));
}
