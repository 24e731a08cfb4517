// The forms that a table has before anybody makes one: a new table gets three named "Information", with ids that differ from
// one environment to the next (seen in real environments).

import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import { FORM_TYPE } from './form-controls.ts';
import { publishRow } from './publication.ts';

const guid = (id: string) => `{${id}}`;

/** A form of one cell with the primary name, published. */
export function addStandardForm(
  organization: Organization,
  table: Table,
  { type, newId }: { type: number; newId: (part: string) => string },
): void {
  const formid = newId('form');
  const labels = '<labels><label description="Information" languagecode="1036"/></labels>';
  const control = `<control id="${table.primaryName}" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="${table.primaryName}"/>`;
  const cell = `<cell id="${guid(newId('cell'))}">${labels}${control}</cell>`;
  const section = `<section name="information" id="${guid(newId('section'))}">${labels}<rows><row>${cell}</row></rows></section>`;
  const column = `<columns><column width="100%"><sections>${section}</sections></column></columns>`;
  const formxml = `<form><tabs><tab name="information" id="${guid(newId('tab'))}">${labels}${column}</tab></tabs></form>`;
  const values = {
    name: 'Information',
    objecttypecode: table.logicalName,
    type,
    formactivationstate: 1,
    formxml,
    formid,
  };
  publishRow(organization, organization.store.put('systemform', formid, values));
}

/** What a new table has. */
export const NEW_TABLE_FORMS: readonly number[] = [FORM_TYPE.main, FORM_TYPE.quickView, FORM_TYPE.card];
