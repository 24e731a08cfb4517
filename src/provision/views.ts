// The views that come with the connector: where CRM users find beneficiaries and appointments.
// Source of the properties and of both XML forms: Microsoft Learn, "Customize views" (model-driven apps).

import { optionValues } from '../schema/schema.ts';
import type { Text } from '../schema/shape.ts';
import { appointmentStates } from '../schema/standard-columns.ts';

interface ViewColumn {
  readonly name: string;
  /** In pixels. */
  readonly width: number;
}

export interface View {
  /** The same in every environment, so that a view that people renamed is not created again. */
  readonly id: string;
  readonly table: 'appointment' | 'contact' | 'rdvs_link' | 'rdvs_duplicate';
  readonly name: Text;
  readonly description: Text;
  readonly columns: readonly ViewColumn[];
  readonly order: { readonly column: string; readonly descending: boolean };
  /** The content of the `filter` element, and `link-entity` elements. */
  readonly filter: string;
  readonly join?: string;
  readonly distinct?: true;
}

const PRIMARY: Readonly<Record<View['table'], { key: string; name: string }>> = {
  appointment: { key: 'activityid', name: 'subject' },
  contact: { key: 'contactid', name: 'fullname' },
  rdvs_link: { key: 'rdvs_linkid', name: 'rdvs_name' },
  rdvs_duplicate: { key: 'rdvs_duplicateid', name: 'rdvs_name' },
};

const FROM_RDV_SOLIDARITES = '<condition attribute="rdvs_rdvid" operator="not-null"/>';
const { excused, revoked, noshow } = optionValues.appointment.rdvs_status;

const appointmentColumns: readonly ViewColumn[] = [
  { name: 'scheduledstart', width: 140 },
  { name: 'scheduledend', width: 140 },
  { name: 'subject', width: 200 },
  { name: 'rdvs_status', width: 140 },
  { name: 'rdvs_motif', width: 180 },
  { name: 'regardingobjectid', width: 180 },
  { name: 'ownerid', width: 150 },
];

const appointmentViews: readonly View[] = [
  {
    id: 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c01',
    table: 'appointment',
    name: { fr: 'RDV à venir', en: 'RDV to come' },
    description: {
      fr: "Rendez-vous RDV-Solidarités à partir d'aujourd'hui.",
      en: 'Appointments of RDV-Solidarités from today on.',
    },
    columns: appointmentColumns,
    order: { column: 'scheduledstart', descending: false },
    filter: [
      FROM_RDV_SOLIDARITES,
      '<filter type="or">',
      '<condition attribute="scheduledstart" operator="today"/>',
      '<condition attribute="scheduledstart" operator="next-x-years" value="5"/>',
      '</filter>',
      `<condition attribute="statecode" operator="eq" value="${appointmentStates.scheduled.statecode}"/>`,
    ].join(''),
  },
  {
    id: 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c02',
    table: 'appointment',
    name: { fr: "RDV d'aujourd'hui", en: 'RDV of today' },
    description: { fr: 'Rendez-vous RDV-Solidarités du jour.', en: 'Appointments of RDV-Solidarités of today.' },
    columns: appointmentColumns,
    order: { column: 'scheduledstart', descending: false },
    filter: `${FROM_RDV_SOLIDARITES}<condition attribute="scheduledstart" operator="today"/>`,
  },
  {
    id: 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c03',
    table: 'appointment',
    name: { fr: 'RDV annulés ou manqués', en: 'RDV cancelled or missed' },
    description: {
      fr: "Rendez-vous excusés, annulés par le service, ou auxquels l'usager n'est pas venu.",
      en: 'Appointments excused, cancelled by the service, or missed.',
    },
    columns: [...appointmentColumns, { name: 'rdvs_cancelledon', width: 140 }],
    order: { column: 'scheduledstart', descending: true },
    filter: [
      FROM_RDV_SOLIDARITES,
      '<condition attribute="rdvs_status" operator="in">',
      ...[excused, revoked, noshow].map((value) => `<value>${value}</value>`),
      '</condition>',
    ].join(''),
  },
];

const contactView: View = {
  id: 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c04',
  table: 'contact',
  name: { fr: 'Usagers RDV-Solidarités', en: 'Usagers of RDV-Solidarités' },
  description: {
    fr: 'Contacts qui sont des usagers de RDV-Solidarités.',
    en: 'Contacts who are usagers of RDV-Solidarités.',
  },
  columns: [
    { name: 'fullname', width: 200 },
    { name: 'rdvs_birthname', width: 150 },
    { name: 'birthdate', width: 120 },
    { name: 'mobilephone', width: 130 },
    { name: 'emailaddress1', width: 200 },
    { name: 'address1_city', width: 150 },
    { name: 'rdvs_responsible', width: 180 },
  ],
  order: { column: 'fullname', descending: false },
  filter: '<condition attribute="statecode" operator="eq" value="0"/>',
  join: [
    '<link-entity name="rdvs_link" from="rdvs_contact" to="contactid" link-type="inner" alias="link">',
    `<filter type="and"><condition attribute="rdvs_state" operator="eq" value="${optionValues.rdvs_link.rdvs_state.live}"/>`,
    '<condition attribute="rdvs_name" operator="like" value="usager-%"/>',
    '<condition attribute="rdvs_removedon" operator="null"/></filter>',
    '</link-entity>',
  ].join(''),
  distinct: true,
};

const linkColumns: readonly ViewColumn[] = [
  { name: 'rdvs_name', width: 150 },
  { name: 'rdvs_contact', width: 200 },
  { name: 'rdvs_state', width: 100 },
  { name: 'rdvs_removedon', width: 140 },
  { name: 'modifiedon', width: 140 },
];

const linkViews: readonly View[] = [
  {
    id: 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c05',
    table: 'rdvs_link',
    name: { fr: 'Usagers sortis de RDV-Solidarités', en: 'Usagers who left RDV-Solidarités' },
    description: {
      fr: 'Usagers qui ne sont plus dans RDV-Solidarités, et depuis quand.',
      en: 'Usagers who are no longer in RDV-Solidarités, and since when.',
    },
    columns: linkColumns,
    order: { column: 'rdvs_removedon', descending: true },
    // Departure is the date: a usager whose last membership ended keeps a live link.
    filter:
      '<condition attribute="rdvs_name" operator="like" value="usager-%"/>' +
      '<condition attribute="rdvs_removedon" operator="not-null"/>',
  },
  {
    id: 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c06',
    table: 'rdvs_link',
    name: { fr: 'Liens récents', en: 'Recent links' },
    description: {
      fr: 'Enregistrements de RDV-Solidarités reçus ces sept derniers jours.',
      en: 'Records of RDV-Solidarités received in the last seven days.',
    },
    columns: linkColumns,
    order: { column: 'modifiedon', descending: true },
    filter: '<condition attribute="modifiedon" operator="last-seven-days"/>',
  },
];

const duplicateView: View = {
  id: 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c20',
  table: 'rdvs_duplicate',
  name: { fr: 'Doublons à examiner', en: 'Duplicates to review' },
  description: {
    fr: 'Contacts qui sont peut-être la même personne, les plus ressemblants en premier.',
    en: 'Contacts who may be the same person, the most alike first.',
  },
  columns: [
    { name: 'rdvs_contact', width: 200 },
    { name: 'rdvs_othercontact', width: 200 },
    { name: 'rdvs_score', width: 110 },
    { name: 'rdvs_name', width: 350 },
    { name: 'rdvs_state', width: 120 },
    { name: 'modifiedon', width: 140 },
  ],
  order: { column: 'rdvs_score', descending: true },
  filter: `<condition attribute="rdvs_state" operator="eq" value="${optionValues.rdvs_duplicate.rdvs_state.toreview}"/>`,
};

export const views: readonly View[] = [...appointmentViews, contactView, ...linkViews, duplicateView];

/** The query of a view. */
export function fetchXml({ table, columns, order, filter, join = '', distinct }: View): string {
  const attributes = [...new Set([...columns.map(({ name }) => name), PRIMARY[table].key])];
  return [
    `<fetch version="1.0" output-format="xml-platform" mapping="logical" distinct="${distinct === true}">`,
    `<entity name="${table}">`,
    ...attributes.map((name) => `<attribute name="${name}"/>`),
    `<order attribute="${order.column}" descending="${order.descending}"/>`,
    `<filter type="and">${filter}</filter>`,
    join,
    '</entity></fetch>',
  ].join('');
}

/** How a view is shown. `objectTypeCode` is the number of the table, which differs between environments for our own. */
export function layoutXml({ table, columns }: View, objectTypeCode: number): string {
  const { key, name } = PRIMARY[table];
  const cells = columns.map((column) => `<cell name="${column.name}" width="${column.width}"/>`);
  return [
    `<grid name="resultset" object="${objectTypeCode}" jump="${name}" select="1" preview="1" icon="1">`,
    `<row name="result" id="${key}">${cells.join('')}</row></grid>`,
  ].join('');
}
