// Which rows a decision relied on: recorded while it is made, so that no rule has to keep count.
import type { Guid } from './link-names.ts';
import type { AppointmentRow, ContactRow, Known } from './rows.ts';

export interface Watched {
  /** The rows, of which each contact or appointment counts as relied on once its content is asked for. */
  readonly known: Known;
  /** Counts a row as relied on. */
  readonly relyOn: (id: Guid) => void;
  readonly reliedOn: () => readonly Guid[];
}

/**
 * Watches what a decision makes of the rows that it knows.
 *
 * Links are not watched: what they say of the order of snapshots only grows, and needs no proof. A rule that believes
 * anything else of a link says so with `relyOn`. Lists of rows are not watched either: they are never remembered.
 */
export function watch(known: Known): Watched {
  const relied = new Set<Guid>();
  const relyOn = (id: Guid): void => {
    relied.add(id);
  };
  return {
    // Each list is named, so that the compiler asks about a new one.
    known: {
      links: known.links,
      contacts: each(known.contacts, (row) => watchContact(row, relyOn)),
      appointments: each(known.appointments, (row) => watchAppointment(row, relyOn)),
      occurrences: known.occurrences,
      memberships: known.memberships,
      companions: known.companions,
      agents: known.agents,
    },
    relyOn,
    reliedOn: () => [...relied],
  };
}

function each<R>(rows: ReadonlyMap<Guid, R | null>, watchOne: (row: R) => R): ReadonlyMap<Guid, R | null> {
  return new Map([...rows].map(([id, row]) => [id, row === null ? null : watchOne(row)]));
}

function watchContact(row: ContactRow, relyOn: Watched['relyOn']): ContactRow {
  const content = (): ContactRow => {
    relyOn(row.id);
    return row;
  };
  return {
    id: row.id,
    etag: row.etag,
    masterId: row.masterId,
    get active() {
      return content().active;
    },
    get columns() {
      return content().columns;
    },
  };
}

function watchAppointment(row: AppointmentRow, relyOn: Watched['relyOn']): AppointmentRow {
  const content = (): AppointmentRow => {
    relyOn(row.id);
    return row;
  };
  return {
    id: row.id,
    etag: row.etag,
    get statecode() {
      return content().statecode;
    },
    get statuscode() {
      return content().statuscode;
    },
    get columns() {
      return content().columns;
    },
    get parties() {
      return content().parties;
    },
  };
}
