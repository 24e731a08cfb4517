// The one serializer (app/blueprints): what a record looks like, in an answer of the API and in a webhook alike.
import { makeAbsence, makePlageOuverture } from '../make-agenda.ts';
import { makeAgent, makeUser, type UserData } from '../make-people.ts';
import { makeLieu, makeMotif, makeOrganisation } from '../make-places.ts';
import { makeParticipation, makeRdv } from '../make-rdv.ts';
import { type Era, rubyTime } from '../sender-json.ts';
import type { AbsenceRow, ParticipationRow, PlageRow, RdvRow } from './rows.ts';
import type { Store } from './store.ts';

export type Render = ReturnType<typeof createRender>;

/** @param now when a calendar text is stamped, ms */
export function createRender(store: Store, era: Era, now: () => number) {
  const time = (ms: number | null) => (ms === null ? null : rubyTime(ms));

  const organisation = (id: number) => {
    const { name, email, phone_number } = store.organisations.at(id);
    return makeOrganisation({ id, name, email, phone_number, ...(era === '2026' ? { website: null } : {}) }, era);
  };

  const agent = (id: number) => {
    const { email, first_name, last_name } = store.agents.at(id);
    return makeAgent({ id, email, first_name, last_name });
  };

  const motif = (id: number) => {
    const { deleted_at, minutes, ...row } = store.motifs.at(id);
    const later = era === '2026' ? { default_duration_in_min: minutes } : {};
    return makeMotif({ ...row, deleted_at: time(deleted_at), motif_category: null, ...later }, era);
  };

  const lieu = (id: number) => {
    const { availability, ...row } = store.lieux.at(id);
    const later = era === '2026' ? { enabled: availability === 'enabled' } : {};
    return makeLieu({ ...row, phone_number: null, single_use: availability === 'single_use', ...later }, era);
  };

  /** With the responsible nested, whose address stands for a missing one (responsability_concern.rb). */
  const user = (id: number): UserData => {
    const { deleted_at: _, created_at, ...row } = store.usagers.at(id);
    const responsible = row.responsible_id === null ? null : user(row.responsible_id);
    const address = row.address ?? responsible?.address ?? null;
    const phone_number_formatted = internationally(row.phone_number);
    return makeUser({ ...row, address, created_at: rubyTime(created_at), phone_number_formatted, responsible }, era);
  };

  const participation = ({ id, user_id, status, created_by, created_by_id }: ParticipationRow) => {
    const created_by_type = created_by === 'agent' ? 'Agent' : 'User';
    return makeParticipation({ id, status, created_by, created_by_id, created_by_type, user: user(user_id) }, era);
  };

  const rdv = (row: RdvRow) => {
    const zone = store.organisations.at(row.organisation_id).time_zone;
    const later =
      era === '2026' ? { created_at: rubyTime(row.created_at), time_zone: zone, url_for_agents: agentsPage(row) } : {};
    const { id, status, name, context, created_by, created_by_id } = row;
    return makeRdv(
      {
        ...{ id, status, name, context, created_by, created_by_id },
        created_by_type: created_by === 'agent' ? 'Agent' : 'User',
        agents: row.agents.map(agent),
        cancelled_at: time(row.cancelled_at),
        motif: motif(row.motif_id),
        lieu: row.lieu_id === null ? null : lieu(row.lieu_id),
        organisation: organisation(row.organisation_id),
        participations: row.participations.map(participation),
        starts_at: rubyTime(row.starts_at, zone),
        ends_at: rubyTime(row.ends_at, zone),
        ...later,
      },
      era,
    );
  };

  /** The calendar text says when it was made: two answers differ. */
  const stamped = <T extends { ical: string }>(record: T): T => {
    const stamp = `${new Date(now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    return { ...record, ical: record.ical.replace(/DTSTAMP:\w+/, `DTSTAMP:${stamp}`) };
  };

  /** An absence names the first organisation of its agent (absence_blueprint.rb). */
  const absence = ({ agent_id, ...row }: AbsenceRow) => {
    const [first] = store.roles.where('agent_id', agent_id);
    const of = first === undefined ? null : organisation(first.organisation_id);
    return stamped(makeAbsence({ ...row, agent: agent(agent_id), organisation: of }));
  };

  const plage = ({ agent_id, organisation_id, lieu_id, motifs, ...row }: PlageRow) =>
    stamped(
      makePlageOuverture({
        ...row,
        agent: agent(agent_id),
        organisation: organisation(organisation_id),
        lieu: lieu_id === null ? null : lieu(lieu_id),
        motifs: motifs.map(motif),
      }),
    );

  return { organisation, agent, motif, lieu, user, rdv, absence, plage };
}

const agentsPage = ({ id, organisation_id }: RdvRow) =>
  `https://www.rdv-solidarites.fr/admin/organisations/${organisation_id}/rdvs/${id}`;

function internationally(phone: string | null): string | null {
  return phone === null ? null : `+33${phone.replaceAll(' ', '').slice(1)}`;
}
