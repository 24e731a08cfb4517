// Four other ways of bringing a notification to Dataverse, as the sequences of requests that their documents describe.
// They are counted over the whole trace, and sent to the emulator for its beginning: what they count is what they send.
import { v5 as uuidV5 } from 'uuid';
import type { Announced, AnnouncedUser } from './announced.ts';

/** One HTTP request. A `$batch` holds its operations. */
export interface Request {
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly operations?: readonly Request[];
}

export interface Alternative {
  readonly name: string;
  /** What it does for one notification. */
  readonly sequence: string;
  readonly source: string;
  /** What it cannot do. */
  readonly lacks: string;
  /** Whether it does anything about the notification. */
  handles(notification: Announced): boolean;
  requests(notification: Announced): readonly Request[];
}

const NAMESPACE = '1f0a3c84-6f0e-4d6c-9f6b-0f8f4c6f2a10';
const contactId = ({ id }: AnnouncedUser) => uuidV5(`contact-${id}`, NAMESPACE);
const appointmentId = (id: number) => uuidV5(`appointment-${id}`, NAMESPACE);

const contactBody = (user: AnnouncedUser) => ({
  firstname: user.first_name,
  lastname: user.last_name,
  emailaddress1: user.email,
  mobilephone: user.phone_number,
  birthdate: user.birth_date,
});

const appointmentBody = ({ data }: Announced, people: readonly AnnouncedUser[]) => ({
  subject: data.motif?.name ?? 'RDV',
  scheduledstart: new Date(data.starts_at ?? 0).toISOString(),
  scheduledend: new Date(data.ends_at ?? 0).toISOString(),
  appointment_activity_parties: people.map((user) => ({
    participationtypemask: 5,
    'partyid_contact@odata.bind': `/contacts(${contactId(user)})`,
  })),
});

const upsertContact = (user: AnnouncedUser): Request => ({
  method: 'PATCH',
  path: `contacts(${contactId(user)})`,
  body: contactBody(user),
});

const readContact = (user: AnnouncedUser): Request => ({
  method: 'GET',
  path: `contacts(${contactId(user)})?$select=contactid,firstname,lastname,emailaddress1`,
});

const appointmentOf = (notification: Announced): number | undefined =>
  notification.meta.model === 'Rdv' ? notification.data.id : undefined;

function upserts(notification: Announced): readonly Request[] {
  const { people } = notification;
  const id = appointmentOf(notification);
  const body = appointmentBody(notification, people);
  const appointment: Request[] =
    id === undefined ? [] : [{ method: 'PATCH', path: `appointments(${appointmentId(id)})`, body }];
  return [...people.map(upsertContact), ...appointment];
}

const quoted = (text: string | null) => `'${encodeURIComponent((text ?? '').replaceAll("'", "''"))}'`;

export const ALTERNATIVES: readonly Alternative[] = [
  {
    name: 'the sample of 2020',
    sequence: 'per RDV: the agent by e-mail, the usager by e-mail, the motif in a table of the CRM, then book',
    source: 'guillett/webhook, lib/hauts_de_seine/process.js',
    lacks: 'only RDV of one agent and one usager; no order, no updates of people',
    handles: ({ meta }) => meta.model === 'Rdv',
    requests: (notification) => {
      if (notification.meta.model !== 'Rdv') return [];
      const [first] = notification.people;
      const agent = notification.data.agents?.[0]?.email ?? null;
      const motif = notification.data.motif?.name ?? null;
      return [
        { method: 'GET', path: `systemusers?$select=systemuserid&$filter=internalemailaddress eq ${quoted(agent)}` },
        { method: 'GET', path: `contacts?$select=contactid&$filter=emailaddress1 eq ${quoted(first?.email ?? null)}` },
        { method: 'GET', path: `rdvs_links?$select=rdvs_linkid&$filter=rdvs_name eq ${quoted(motif)}` },
        { method: 'POST', path: 'appointments', body: appointmentBody(notification, []) },
      ];
    },
  },
  {
    name: 'one upsert per row',
    sequence: 'PATCH of each contact by its id, then of the appointment',
    source: 'Microsoft Learn, “Use Upsert to create or update a record”',
    lacks: 'an old notification overwrites a newer one; a failure leaves half of it; corrections in the CRM are lost',
    handles: () => true,
    requests: upserts,
  },
  {
    name: 'read then write, row by row',
    sequence: 'GET, then PATCH, for each contact and for the appointment',
    source: 'Microsoft Learn, “Perform conditional operations using the Web API”',
    lacks: 'a failure leaves half of it',
    handles: () => true,
    requests: (notification) => {
      const id = appointmentOf(notification);
      const body = appointmentBody(notification, notification.people);
      const path = `appointments(${appointmentId(id ?? 0)})`;
      return [
        ...notification.people.flatMap((user) => [readContact(user), upsertContact(user)]),
        ...(id === undefined
          ? []
          : [
              { method: 'GET' as const, path: `${path}?$select=activityid,modifiedon` },
              { method: 'PATCH' as const, path, body },
            ]),
      ];
    },
  },
  {
    name: 'one batch without reading',
    sequence: 'one $batch with a change set of upserts',
    source: 'Microsoft Learn, “Execute batch operations using the Web API”',
    lacks: 'an old notification overwrites a newer one; corrections in the CRM are lost',
    handles: () => true,
    requests: (notification) => [{ method: 'POST', path: '$batch', operations: upserts(notification) }],
  },
];

export interface Counted {
  readonly requests: number;
  readonly operations: number;
  readonly handled: number;
}

/** Counts requests, and the operations inside them. */
export function count({ handles, requests }: Alternative, notifications: readonly Announced[]): Counted {
  const all = notifications.flatMap((notification) => requests(notification));
  return {
    requests: all.length,
    operations: all.reduce((sum, { operations }) => sum + (operations?.length ?? 1), 0),
    handled: notifications.filter(handles).length,
  };
}
