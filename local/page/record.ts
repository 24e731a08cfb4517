// One row in the main form of its table.

import { QUICK_VIEW, SUB_GRID, TIMELINE } from '../dataverse/src/customization/form-controls.ts';
import { etag } from '../dataverse/src/rows/projection.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import type { Application } from './application.ts';
import { field, fieldText, writableColumn } from './fields.ts';
import { type Control, controlsOf, type Form, type Section, type Tab } from './form.ts';
import { gridOf } from './grids.ts';
import { type Html, type HtmlContent, html } from './html.ts';
import type { Screen } from './layout.ts';
import { quickView } from './quick-view.ts';
import { readField } from './read-field.ts';
import { address, type Reader, say } from './reader.ts';
import { nameOf } from './rows.ts';
import type { Refusal } from './web-api.ts';

export interface Shown {
  readonly form: Form;
  readonly row: Row;
  readonly query: URLSearchParams;
  /** What was typed and refused, and why. */
  readonly refused?: { readonly typed: URLSearchParams; readonly refusal: Refusal };
}

export async function record(reader: Reader, app: Application, shown: Shown): Promise<Screen> {
  const { form, row, refused } = shown;
  const path = `/${row.table}/${row.id}`;
  const tabs = await Promise.all(form.tabs.map((tab) => tabPart(reader, app, shown, tab)));
  return {
    title: nameOf(reader, row),
    path: `/${row.table}`,
    ...(refused && { status: refused.refusal.status }),
    body: [
      html`<dl class="header">${form.header.map((control) => readField(reader, row, control))}</dl>`,
      refused && alert(reader, refused.refusal),
      saving(reader, shown, path),
      tabs,
    ],
  };
}

function alert(reader: Reader, { status, code, message }: Refusal): Html {
  const words =
    status === 412
      ? say(
          reader,
          'Cette fiche a changé entre-temps : rien n’est enregistré. Relisez, puis enregistrez de nouveau.',
          'This record has changed meanwhile: nothing is saved. Read it again, then save again.',
        )
      : say(reader, `Dataverse refuse : ${message} (${code})`, `Dataverse refuses: ${message} (${code})`);
  return html`<p class="alert" role="alert">${words}</p>`;
}

/** The button, for a form that has a field to write. */
function saving(reader: Reader, { form, row, query }: Shown, path: string): HtmlContent {
  if (!controlsOf(form).some((control) => writableColumn(reader, row.table, control))) return undefined;
  return html`<form class="saving" id="fiche" method="post" action="${address(reader, path)}">
<input type="hidden" name="etag" value="${etag(row)}">
<button type="submit">${say(reader, 'Enregistrer', 'Save')}</button>
<span role="status" id="saisie">${query.has('saved') && say(reader, 'Enregistré.', 'Saved.')}</span></form>`;
}

async function tabPart(reader: Reader, app: Application, shown: Shown, { label, columns }: Tab): Promise<Html> {
  const parts = await Promise.all(
    columns.map((sections) => Promise.all(sections.map((section) => sectionPart(reader, app, shown, section)))),
  );
  const heading = shown.form.tabs.length > 1 && label !== undefined && html`<h2>${label}</h2>`;
  return html`${heading}<div class="tab columns-${columns.length}">${parts.map((part) => html`<div>${part}</div>`)}</div>`;
}

async function sectionPart(reader: Reader, app: Application, shown: Shown, section: Section): Promise<Html> {
  const fields: Html[] = [];
  const others: Promise<HtmlContent>[] = [];
  for (const control of section.controls) {
    if ([SUB_GRID, QUICK_VIEW, TIMELINE].includes(control.classId))
      others.push(largePart(reader, app, { shown, section, control }));
    else if (control.column !== undefined) fields.push(fieldPart(reader, shown, control));
  }
  const id = `section-${section.id}`;
  const inside = html`${fields.length > 0 && html`<dl class="facts">${fields}</dl>`}${await Promise.all(others)}`;
  if (section.label === undefined) return html`<div class="card" data-key="${id}">${inside}</div>`;
  return html`<section class="card" data-key="${id}" aria-labelledby="${id}"><h2 id="${id}">${section.label}</h2>
${inside}</section>`;
}

interface Large {
  readonly shown: Shown;
  readonly section: Section;
  readonly control: Control;
}

/** A list, a quick view or the timeline, under its own name where that is not the section's. */
async function largePart(reader: Reader, app: Application, { shown, section, control }: Large): Promise<HtmlContent> {
  const { row, query } = shown;
  const heading = control.label !== section.label && html`<h3>${control.label}</h3>`;
  if (control.classId === TIMELINE) return [heading, timeline(reader)];
  if (control.classId === QUICK_VIEW) return [heading, quickView(reader, row, control)];
  const grid = await gridOf(reader, app, control, { path: `/${row.table}/${row.id}`, query, row });
  return html`${heading}<div id="${control.id}" data-key="${control.id}">${grid}</div>`;
}

const timeline = (reader: Reader): Html =>
  html`<p class="count">${say(
    reader,
    'Ici, Dynamics montre les notes et les activités. Le Dataverse local n’en a pas.',
    'Here Dynamics shows notes and activities. The local Dataverse has none.',
  )}</p>`;

function fieldPart(reader: Reader, { row, refused }: Shown, control: Control): Html {
  const column = writableColumn(reader, row.table, control);
  if (column === undefined) return readField(reader, row, control);
  const text = refused?.typed.get(column.name) ?? fieldText(column, row);
  const id = `champ-${control.id}`;
  return html`<div><dt><label for="${id}">${control.label}</label></dt><dd>${field(reader, { column, id, text })}</dd></div>`;
}
