// States in French words, each with a sign of its own: colour alone tells nothing.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { type Html, html } from './html.ts';
import { number, optionLabel, text } from './rows.ts';

type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'quiet';

function badge(words: string, sign: string, tone: Tone): Html {
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${words}</span>`;
}

const RDV_STATUS: Readonly<Record<number, readonly [sign: string, tone: Tone]>> = {
  1: ['●', 'plain'],
  2: ['✓', 'good'],
  3: ['↩', 'warn'],
  4: ['✕', 'warn'],
  5: ['!', 'bad'],
  6: ['✕', 'quiet'],
};

/** The status of RDV-Solidarités; a status that the choice does not know yet is shown as it came. */
export function rdvStatus(organization: Organization, row: Row): Html | undefined {
  const known = optionLabel(organization, row, 'rdvs_status');
  const words = known ?? text(row, 'rdvs_statustext');
  if (words === undefined) return undefined;
  const [sign, tone] = RDV_STATUS[number(row, 'rdvs_status') ?? 0] ?? (['?', 'quiet'] as const);
  return badge(words, sign, tone);
}

/** Dynamics' own labels are those of its base language: these are the French ones. */
const STATES: Readonly<Record<number, string>> = { 0: 'Ouvert', 1: 'Terminé', 2: 'Annulé', 3: 'Planifié' };

export type ShowAs = 'free' | 'tentative' | 'completed' | 'cancelled' | 'busy' | 'away';

/** By the status reasons of Microsoft's `appointment` (Microsoft Learn, "Appointment table", StatusCode). */
const SHOWN_AS: Readonly<Record<number, readonly [ShowAs, words: string, sign: string]>> = {
  1: ['free', 'Libre', '○'],
  2: ['tentative', 'Provisoire', '?'],
  3: ['completed', 'Terminé', '✓'],
  4: ['cancelled', 'Annulé', '✕'],
  5: ['busy', 'Occupé', '●'],
  6: ['away', 'Absent du bureau', '⊘'],
};

export interface Shown {
  readonly as: ShowAs;
  readonly words: string;
  readonly sign: string;
}

/** How a calendar shows an appointment. A status reason that a customer added counts as busy. */
export function shownAs(row: Row): Shown {
  const [as, words, sign] = SHOWN_AS[number(row, 'statuscode') ?? 5] ?? (['busy', 'Occupé', '●'] as const);
  return { as, words, sign };
}

/** `Planifié · Occupé`, as Dynamics tells it. */
export function dynamicsState(row: Row): string {
  const state = STATES[number(row, 'statecode') ?? 0] ?? 'Ouvert';
  const { words } = shownAs(row);
  return state === words ? state : `${state} · ${words}`;
}

export function isCancelled(row: Row): boolean {
  return number(row, 'statecode') === 2;
}

/** The state of a contact: merged into another one, inactive in Dynamics, or active. */
export function contactState(row: Row): Html {
  if (row.values['merged'] === true) return badge('Fusionné', '⇥', 'quiet');
  return number(row, 'statecode') === 1 ? badge('Inactif', '–', 'quiet') : badge('Actif', '✓', 'good');
}

/** The state of a link: RDV-Solidarités still has the record, deleted it, or the usager left. */
export function linkState(row: Row): Html {
  if (number(row, 'rdvs_state') === 2) return badge('Supprimé', '✕', 'quiet');
  return text(row, 'rdvs_removedon') === undefined ? badge('Présent', '✓', 'good') : badge('Sorti', '→', 'warn');
}
