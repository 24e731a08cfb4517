// Which control shows a column, and what it is called: of our columns the schema says it, of Microsoft's this table.

import { schema } from '../../schema/schema.ts';
import type { Column, Schema, Text } from '../../schema/shape.ts';

const { tables }: Schema = schema;

/** Class ids of controls, as exported forms use them. */
export const CONTROL = {
  text: '4273EDBD-AC1D-40D3-9FB2-095C621B552D',
  phone: '8C10015A-B339-4982-9474-A95FE05631A5',
  email: 'ADA2203E-B4CD-49BE-9DDF-234642B43B52',
  url: '71716B6C-711E-476C-8AB8-5D11542BFB47',
  memo: 'E0DECE4B-6FC8-4A8F-A065-082708572369',
  lookup: '270BD3DB-D9AF-4782-9025-509E298DEC0A',
  regarding: 'F3015350-44A2-4AA0-97B5-00166532B5E9',
  parties: 'CBFB742C-14E7-4A17-96BB-1A13F7F64AA2',
  choice: '3EF39988-22BB-4F0B-BBBE-64B5A3748AEE',
  statusReason: '5D68B988-0661-4DB2-BC3E-17598AD3BE6C',
  yesNo: '67FAC785-CD58-4F9F-ABB3-4B7DDC6ED5ED',
  whole: 'C6D124CA-7EDA-4A60-AEA9-7FB8D318B68F',
  dateTime: '5B773807-9FB2-42DB-97C3-7A91EFF8ADFF',
  grid: 'E7A81278-8635-4D9E-8D4D-59480B391C5B',
  timeline: '06375649-C143-495E-A496-C962E5B4488E',
} as const;

interface Shown {
  readonly control: keyof typeof CONTROL;
  readonly label: Text;
}

const shown = (control: Shown['control'], fr: string, en: string): Shown => ({ control, label: { fr, en } });

const OWNER = shown('lookup', 'Propriétaire', 'Owner');
const EVERYWHERE: Readonly<Record<string, Shown>> = {
  createdon: shown('dateTime', 'Créé le', 'Created on'),
  modifiedon: shown('dateTime', 'Modifié le', 'Modified on'),
};

/** Types: Microsoft Learn, "Contact table/entity reference", "Appointment table/entity reference". */
const STANDARD: Readonly<Record<string, Readonly<Record<string, Shown>>>> = {
  contact: {
    firstname: shown('text', 'Prénom', 'First name'),
    lastname: shown('text', 'Nom', 'Last name'),
    birthdate: shown('dateTime', 'Date de naissance', 'Birth date'),
    mobilephone: shown('phone', 'Téléphone mobile', 'Mobile phone'),
    telephone1: shown('phone', 'Téléphone fixe', 'Telephone'),
    emailaddress1: shown('email', 'Adresse e-mail', 'E-mail'),
    address1_line1: shown('text', 'Adresse', 'Address'),
    address1_line2: shown('text', "Complément d'adresse", 'Address details'),
    address1_postalcode: shown('text', 'Code postal', 'Postal code'),
    address1_city: shown('text', 'Ville', 'City'),
    ownerid: OWNER,
  },
  appointment: {
    subject: shown('text', 'Objet', 'Subject'),
    scheduledstart: shown('dateTime', 'Début', 'Start'),
    scheduledend: shown('dateTime', 'Fin', 'End'),
    location: shown('text', 'Lieu', 'Place'),
    description: shown('memo', 'Notes', 'Notes'),
    regardingobjectid: shown('regarding', 'Concernant', 'Regarding'),
    requiredattendees: shown('parties', 'Participants', 'Attendees'),
    optionalattendees: shown('parties', 'Participants facultatifs', 'Optional attendees'),
    statuscode: shown('statusReason', 'Raison du statut', 'Status reason'),
    ownerid: OWNER,
  },
};

const BY_TYPE: Readonly<Record<Exclude<Column['type'], 'string'>, Shown['control']>> = {
  memo: 'memo',
  whole: 'whole',
  choice: 'choice',
  boolean: 'yesNo',
  datetime: 'dateTime',
  lookup: 'lookup',
};

/** @throws for a column that neither the schema nor the table above has: a mistake of a definition */
export function shownAs(table: string, name: string): Shown {
  const column = tables[table]?.columns[name];
  if (column !== undefined) return { control: controlOf(column), label: column.label };
  const standard = STANDARD[table]?.[name] ?? EVERYWHERE[name];
  if (standard === undefined) throw new Error(`no control is known for ${table}.${name}`);
  return standard;
}

function controlOf(column: Column): Shown['control'] {
  if (column.type === 'string') return column.format === 'Url' ? 'url' : 'text';
  return BY_TYPE[column.type];
}
