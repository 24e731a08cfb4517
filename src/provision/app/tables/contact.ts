// Usagers in the application.

import { optionValues } from '../../../schema/schema.ts';
import { anyOf, columns, where } from '../../views.ts';
import type { TableParts } from '../table-parts.ts';
import { el } from '../xml.ts';

const { live } = optionValues.rdvs_link.rdvs_state;

/** Contacts that are a usager of RDV-Solidarités today. */
const WITH_LINK = el(
  'link-entity',
  { name: 'rdvs_link', from: 'rdvs_contact', to: 'contactid', 'link-type': 'inner', alias: 'link' },
  [
    el('filter', { type: 'and' }, [
      where('rdvs_state', 'eq', live),
      where('rdvs_name', 'like', 'usager-%'),
      where('rdvs_removedon', 'null'),
    ]),
  ],
);

/** Participations to come that nobody cancelled. */
const COMING = el(
  'link-entity',
  { name: 'rdvs_participation', from: 'rdvs_contact', to: 'contactid', 'link-type': 'outer', alias: 'coming' },
  [
    el('filter', { type: 'and' }, [
      where('rdvs_status', 'eq', optionValues.appointment.rdvs_status.unknown),
      anyOf(where('rdvs_start', 'today'), where('rdvs_start', 'next-x-years', 5)),
    ]),
  ],
);

const FOLLOWED = { name: 'rdvs_referent', from: 'rdvs_contact', to: 'contactid', alias: 'referent' };
/** Contacts whom the reader follows. */
const FOLLOWED_BY_ME = el('link-entity', { ...FOLLOWED, 'link-type': 'inner' }, [
  el('filter', { type: 'and' }, [where('rdvs_user', 'eq-userid')]),
]);
const FOLLOWED_BY_ANYBODY = el('link-entity', { ...FOLLOWED, 'link-type': 'outer' });

const shown = columns(
  ['fullname', 200],
  ['rdvs_birthname', 150],
  ['birthdate', 120],
  ['mobilephone', 130],
  ['telephone1', 130],
  ['emailaddress1', 200],
  ['address1_city', 150],
  ['rdvs_responsible', 180],
  ['ownerid', 150],
);

const byName = { column: 'fullname', descending: false };

export const contactParts: TableParts = {
  table: 'contact',
  key: 'contactid',
  primaryName: 'fullname',
  title: { fr: 'Usagers', en: 'Usagers' },
  group: 'people',
  form: {
    name: { fr: 'RDV-Solidarités', en: 'RDV-Solidarités' },
    description: { fr: 'Un usager : identité, proches et liens.', en: 'A usager: identity, relatives and links.' },
    header: ['ownerid'],
    order: 99,
    columns: [
      {
        width: 60,
        sections: [
          {
            name: 'identity',
            label: { fr: 'Identité', en: 'Identity' },
            columns: 2,
            cells: [
              'firstname',
              'lastname',
              'rdvs_birthname',
              'birthdate',
              'mobilephone',
              'telephone1',
              'emailaddress1',
              'rdvs_responsible',
              { readOnly: 'rdvs_url' },
            ],
          },
          {
            name: 'address',
            label: { fr: 'Adresse', en: 'Address' },
            columns: 2,
            cells: ['address1_line1', 'address1_line2', 'address1_postalcode', 'address1_city'],
          },
          {
            name: 'attendance',
            label: { fr: 'RDV de cette personne', en: 'RDV of this person' },
            columns: 1,
            cells: [
              {
                grid: 'coming',
                label: { fr: 'À venir', en: 'To come' },
                of: 'rdvs_participation',
                view: 'coming',
                relationship: 'rdvs_contact_participation',
              },
              {
                grid: 'past',
                label: { fr: 'Passés', en: 'Past' },
                of: 'rdvs_participation',
                view: 'past',
                relationship: 'rdvs_contact_participation',
              },
            ],
          },
          {
            name: 'relatives',
            label: { fr: 'Proches', en: 'Relatives' },
            columns: 1,
            cells: [
              {
                grid: 'relatives',
                label: { fr: 'Proches', en: 'Relatives' },
                of: 'contact',
                view: 'usagers',
                relationship: 'rdvs_contact_responsible',
              },
            ],
          },
        ],
      },
      {
        width: 40,
        sections: [
          {
            name: 'referents',
            label: { fr: 'Référents', en: 'Referents' },
            columns: 1,
            cells: [
              {
                grid: 'referents',
                label: { fr: 'Référents', en: 'Referents' },
                of: 'rdvs_referent',
                view: 'all',
                relationship: 'rdvs_contact_referent',
              },
            ],
          },
          {
            name: 'links',
            label: { fr: 'Liens RDV-Solidarités', en: 'RDV-Solidarités links' },
            columns: 1,
            cells: [
              {
                grid: 'links',
                label: { fr: 'Liens RDV-Solidarités', en: 'RDV-Solidarités links' },
                of: 'rdvs_link',
                view: 'all',
                relationship: 'rdvs_contact_link',
              },
            ],
          },
          {
            name: 'timeline',
            label: { fr: 'Chronologie', en: 'Timeline' },
            columns: 1,
            cells: [
              {
                timeline: 'notescontrol',
                label: { fr: 'Chronologie', en: 'Timeline' },
                // No appointments: their status is that of the whole RDV, not this person's.
                activities: ['email', 'fax', 'letter', 'phonecall', 'task'],
              },
            ],
          },
        ],
      },
    ],
  },
  views: [
    {
      key: 'usagers',
      name: { fr: 'Usagers RDV-Solidarités', en: 'Usagers of RDV-Solidarités' },
      description: {
        fr: 'Contacts qui sont des usagers de RDV-Solidarités.',
        en: 'Contacts who are usagers of RDV-Solidarités.',
      },
      columns: shown,
      order: byName,
      filter: [where('statecode', 'eq', 0)],
      join: WITH_LINK,
      distinct: true,
    },
    {
      key: 'mine',
      name: { fr: 'Mes usagers', en: 'My usagers' },
      description: {
        fr: 'Usagers de RDV-Solidarités dont vous êtes référent.',
        en: 'Usagers of RDV-Solidarités whom you follow.',
      },
      columns: shown,
      order: byName,
      filter: [where('statecode', 'eq', 0)],
      join: [WITH_LINK, FOLLOWED_BY_ME],
      distinct: true,
    },
    {
      key: 'unfollowed',
      name: { fr: 'Usagers sans référent', en: 'Usagers without a referent' },
      description: {
        fr: 'Usagers de RDV-Solidarités pour lesquels vous ne voyez aucun référent.',
        en: 'Usagers of RDV-Solidarités for whom you see no referent.',
      },
      columns: shown,
      order: byName,
      filter: [where('statecode', 'eq', 0)],
      join: WITH_LINK,
      without: { join: FOLLOWED_BY_ANYBODY, key: 'rdvs_referentid' },
      distinct: true,
    },
    {
      key: 'nothing to come',
      name: { fr: 'Usagers sans RDV à venir', en: 'Usagers without an RDV to come' },
      description: {
        fr: "Usagers de RDV-Solidarités qui ne sont attendus à aucun RDV, à partir d'aujourd'hui.",
        en: 'Usagers of RDV-Solidarités who are expected at no RDV from today on.',
      },
      columns: shown,
      order: byName,
      filter: [where('statecode', 'eq', 0)],
      join: WITH_LINK,
      without: { join: COMING, key: 'rdvs_participationid' },
      distinct: true,
    },
  ],
  charts: [],
};
