// What the département decided: the choices that the settings leave open.

import type { Mapping } from './mapping.ts';

export interface Policy {
  /** An RDV deleted in RDV-Solidarités: its appointment is canceled or deleted. */
  readonly onRdvDestroyed: 'cancel' | 'delete';
  /** An RDV purged by the retention rule of RDV-Solidarités. */
  readonly onRgpd: 'anonymise' | 'keep' | 'delete';
  /** The contact of a usager without any known membership left. */
  readonly onUsagerRemoved: 'keep' | 'deactivate' | 'anonymise';
  /** A contact or an appointment that somebody deleted in Dynamics. */
  readonly onDeletedInDynamics: 'keep-out' | 'recreate';
  /** Whether a usager who is seen for the first time is tied to the one contact that certainly is the same person. */
  readonly matchOnCreate: 'off' | 'certain';
  /** Organisation id or source label → id of the team that owns new rows. */
  readonly ownerTeams: ReadonlyMap<string, string>;
  /** Source label in lower case → ids of the organisations that it may send; a source without an entry may send all. */
  readonly sourceOrganisations: ReadonlyMap<string, readonly number[]>;
  /** The team for all others; without it the connector's own user owns what it creates. */
  readonly defaultOwnerTeam: string | undefined;
  /** Whether the first agent becomes the organizer of an RDV. */
  readonly agentAsOrganizer: boolean;
  /** Whether the other agents of an RDV become required attendees. */
  readonly agentsAsAttendees: boolean;
  /** Whether rows say who came: see participations.ts. */
  readonly participations: boolean;
  /** Absences and plages of an agent who is no user of Dynamics: appointments of the team, or none. */
  readonly unknownAgent: 'team' | 'ignore';
  /** Weeks before the current one of which Dynamics shows recurring absences and plages. */
  readonly calendarWeeksPast: number;
  /** Weeks after the current one. */
  readonly calendarWeeksAhead: number;
  /** Where links to RDV point when a notification has none of its own; no slash at the end. */
  readonly rdvSolidaritesUrl: string;
  /** Template of the subject of RDV whose motif has none of its own. */
  readonly rdvSubject: string;
  /** The département's own columns, and those of ours that it fills itself. */
  readonly mapping: Mapping;
}
