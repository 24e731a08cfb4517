/** Invented plages d'ouverture and absences, with the calendar text that the sender builds for them. */

import { type AgentData, makeAgent } from './make-people.ts';
import { type LieuData, type MotifData, makeLieu, makeMotif, makeOrganisation, type OrganisationData } from './make-places.ts';
import { type Overrides, withOverrides } from './sender-json.ts';

interface AgendaData {
  id: number;
  agent: AgentData;
  end_time: string;
  first_day: string;
  ical: string;
  ical_uid: string;
  organisation: OrganisationData | null;
  rrule: string | null;
  start_time: string;
  title: string;
}

/** app/blueprints/plage_ouverture_blueprint.rb */
interface PlageOuvertureData extends AgendaData {
  lieu: LieuData | null;
  motifs: MotifData[];
}

/** app/blueprints/absence_blueprint.rb */
interface AbsenceData extends AgendaData {
  end_day: string;
}

export function makePlageOuverture(overrides: Overrides<PlageOuvertureData> = {}): PlageOuvertureData {
  const common = agenda('plage_ouverture', overrides, { id: 601, title: 'Permanence du mardi', rrule: EVERY_TUESDAY });
  return withOverrides({ ...common, lieu: makeLieu({}, '2024'), motifs: [makeMotif({}, '2024')] }, overrides);
}

export function makeAbsence(overrides: Overrides<AbsenceData> = {}): AbsenceData {
  const common = agenda('absence', overrides, { id: 701, title: 'Formation', rrule: null });
  return withOverrides({ ...common, end_day: common.first_day }, overrides);
}

/** app/services/ical_formatters/rrule.rb ends every rule with a semicolon. */
const EVERY_TUESDAY = 'FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;UNTIL=20270630T000000;';

function agenda(
  kind: 'plage_ouverture' | 'absence',
  given: Overrides<AgendaData>,
  usual: Pick<AgendaData, 'id' | 'title' | 'rrule'>,
): AgendaData {
  const { id = usual.id, title = usual.title, rrule = usual.rrule } = given;
  const { first_day = '2026-12-01', start_time = '09:00:00', end_time = '12:00:00' } = given;
  const { organisation = makeOrganisation({}, '2024') } = given;
  const end_day = typeof given['end_day'] === 'string' ? given['end_day'] : first_day;
  const ical_uid = `${kind}_${id}@RDV Solidarités`;
  const timing = { first_day, start_time, end_time, rrule };
  return {
    id,
    agent: makeAgent(),
    ical: calendar({ uid: ical_uid, title, end_day, zone: organisation?.time_zone ?? 'Europe/Paris', ...timing }),
    ical_uid,
    organisation,
    title,
    ...timing,
  };
}

interface Event {
  uid: string;
  title: string;
  first_day: string;
  start_time: string;
  end_day: string;
  end_time: string;
  rrule: string | null;
  zone: string;
}

/** app/services/ical_formatters/ics.rb, with the order of the `icalendar` gem. */
function calendar({ uid, title, first_day, start_time, end_day, end_time, rrule, zone }: Event): string {
  const local = (day: string, time: string) => `${day}T${time}`.replaceAll(/[-:]/g, '');
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:RDV Solidarités', 'CALSCALE:GREGORIAN', 'METHOD:PUBLISH'],
    ...['BEGIN:VTIMEZONE', `TZID:${zone}`, ...seasonsOf(zone, first_day), 'END:VTIMEZONE'],
    ...['BEGIN:VEVENT', 'DTSTAMP:20261124T080000Z', `UID:${uid}`],
    ...[`DTSTART;TZID=${zone}:${local(first_day, start_time)}`, `DTEND;TZID=${zone}:${local(end_day, end_time)}`],
    ...['DESCRIPTION:', 'LOCATION:', 'ORGANIZER:mailto:secretariat@example.org', 'SEQUENCE:0', 'STATUS:CONFIRMED'],
    `SUMMARY:RDV Solidarités ${title}`,
    ...(rrule ? [`RRULE:${rrule}`] : []),
    ...['END:VEVENT', 'END:VCALENDAR'],
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** The blocks that the gem writes from the zone's rules: Paris changes its clock, the overseas départements do not. */
function seasonsOf(zone: string, first_day: string): string[] {
  const season = (name: string, start: string, lines: string[]) => [
    `BEGIN:${name}`,
    `DTSTART:${start}`,
    ...lines,
    `END:${name}`,
  ];
  if (zone !== 'Europe/Paris') {
    const [from = 'LMT', offset = '+0000'] = OVERSEAS[zone] ?? [];
    return season('STANDARD', '19700101T000000', [`TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`, `TZNAME:${from}`]);
  }
  const year = first_day.slice(0, 4);
  const yearly = (month: number) => `RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=${month}`;
  return [
    ...season('DAYLIGHT', `${year}0329T030000`, ['TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200', yearly(3), 'TZNAME:CEST']),
    ...season('STANDARD', `${year}1025T020000`, ['TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100', yearly(10), 'TZNAME:CET']),
  ];
}

const OVERSEAS: Readonly<Record<string, readonly [string, string]>> = {
  'America/Cayenne': ['-03', '-0300'],
  'Indian/Reunion': ['+04', '+0400'],
};
