// `GET /`: contacts and appointments as a person sees them.

import type { Organization } from '../organization.ts';
import { baseLanguage } from '../organization.ts';
import { label, primaryName } from '../rows/annotations.ts';
import { partiesOf } from '../rows/parties.ts';
import type { Row, Value } from '../store/store.ts';
import { isRef } from '../store/store.ts';

export function renderPage(organization: Organization): string {
  const contacts = [...organization.store.rows('contact')].map((row) => [
    cell(row.values['fullname']),
    cell(row.values['emailaddress1']),
    cell(row.values['mobilephone'] ?? row.values['telephone1']),
    cell(row.values['birthdate']),
    status(organization, row),
    owner(organization, row),
  ]);
  const appointments = [...organization.store.rows('appointment')].map((row) => [
    cell(row.values['subject']),
    when(row.values['scheduledstart']),
    cell(row.values['location']),
    attendees(organization, row),
    status(organization, row),
    owner(organization, row),
  ]);
  return `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Dataverse local</title>
<style>body{font-family:system-ui,sans-serif;margin:2rem}table{border-collapse:collapse;margin-bottom:2rem}
th,td{border:1px solid #bbb;padding:.3rem .6rem;text-align:left;vertical-align:top}</style></head>
<body><h1>Dataverse local</h1>
${section(`Contacts (${contacts.length})`, ['Nom', 'E-mail', 'Téléphone', 'Naissance', 'Statut', 'Propriétaire'], contacts)}
${section(`Rendez-vous (${appointments.length})`, ['Objet', 'Début', 'Lieu', 'Participants', 'Statut', 'Propriétaire'], appointments)}
</body></html>
`;
}

function section(title: string, heads: readonly string[], rows: readonly string[][]): string {
  const body = rows.map((cells) => `<tr>${cells.map((text) => `<td>${text}</td>`).join('')}</tr>`);
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('');
  return `<h2>${title}</h2>\n<table><thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody></table>`;
}

function status(organization: Organization, row: Row): string {
  const column = organization.schema.known(row.table).columns.get('statuscode');
  const option = column?.options?.get(Number(row.values['statuscode']));
  return cell(label(option?.labels, baseLanguage(organization)));
}

function owner(organization: Organization, row: Row): string {
  const value = row.values['ownerid'];
  return isRef(value) ? cell(primaryName(organization, value.table, value.id)) : '';
}

const ROLES: ReadonlyMap<Value | undefined, string> = new Map([
  [5, ''],
  [6, ' (facultatif)'],
  [7, ' (organisateur)'],
]);

function attendees(organization: Organization, row: Row): string {
  const names = partiesOf(organization, row.id).flatMap((party) => {
    const role = ROLES.get(party.values['participationtypemask']);
    if (role === undefined) return [];
    const value = party.values['partyid'];
    const name = isRef(value) ? primaryName(organization, value.table, value.id) : party.values['addressused'];
    return [cell(`${name ?? '(supprimé)'}${role}`)];
  });
  return names.join('<br>');
}

function when(value: Value | undefined): string {
  if (typeof value !== 'string') return '';
  return cell(
    new Date(value).toLocaleString('fr-FR', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'short' }),
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function cell(value: Value | undefined): string {
  return value === null || value === undefined
    ? ''
    : String(value).replaceAll(/[&<>"']/g, (found) => ESCAPES[found] ?? found);
}
