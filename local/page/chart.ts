// Charts as they were provisioned, drawn from the rows of a view: bars for eyes, a table for screen readers.

import { type Element, readXml } from '../../src/provision/app/xml.ts';
import { publishedRow } from '../dataverse/src/customization/publication.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { nameIn } from './application.ts';
import { type Period, periodName, periodOf } from './dates.ts';
import { type Html, html } from './html.ts';
import { type Reader, say } from './reader.ts';
import { alphabetical, reference, text, wordsOf } from './rows.ts';
import { below } from './xml-tree.ts';

export interface Chart {
  readonly id: string;
  readonly name: string;
  readonly category: Grouping;
  readonly series: Grouping | undefined;
  /** `91,151,213`: what bars are filled with, in turn. */
  readonly colours: readonly string[];
}

interface Grouping {
  readonly column: string;
  readonly by: Period | undefined;
  /** The lookup to the row that has the column; the counted row itself without. */
  readonly through: string | undefined;
}

export function chartById(reader: Reader, id: string): Chart | undefined {
  const row = publishedRow(reader.organization, 'savedqueryvisualization', id);
  return row && readChart(reader, row);
}

const PERIODS: readonly Period[] = ['day', 'week', 'month', 'year'];

/** Charts that count rows by one or two columns; undefined for any other, which the page does not draw. */
export function readChart(reader: Reader, row: Row): Chart | undefined {
  const [data] = readXml(text(row, 'datadescription') ?? '');
  const [look] = readXml(text(row, 'presentationdescription') ?? '');
  if (data === undefined || look === undefined) return undefined;
  const links = below(data, 'link-entity');
  const attributes = below(data, 'attribute').map((one) => {
    const to = links.find((link) => link.children.includes(one))?.attributes['to'];
    return to === undefined ? one.attributes : { ...one.attributes, to };
  });
  const [measure] = attributes.filter(({ aggregate }) => aggregate !== undefined);
  const groups = attributes.filter(({ groupby }) => groupby === 'true');
  const alias = below(data, 'category')[0]?.attributes['alias'];
  const category = groups.find((one) => one['alias'] === alias) ?? groups[0];
  if (measure?.['aggregate'] !== 'count' || category === undefined) return undefined;
  const series = groups.find((one) => one !== category);
  return {
    id: row.id,
    name: nameIn(reader, row),
    category: grouping(category),
    series: series && grouping(series),
    colours: (look.attributes['PaletteCustomColors'] ?? '91,151,213').split(';').map((colour) => colour.trim()),
  };
}

const grouping = ({ name = '', dategrouping, to }: Element['attributes']): Grouping => ({
  column: name,
  through: to,
  by: PERIODS.find((period) => period === dategrouping),
});

interface Bar {
  readonly name: string;
  readonly counts: readonly number[];
  readonly total: number;
}

/** The chart of these rows. */
export function chartOf(reader: Reader, { name, category, series, colours }: Chart, rows: readonly Row[]): Html {
  if (rows.length === 0)
    return html`<p class="count">${say(reader, 'Aucune ligne à compter.', 'No rows to count.')}</p>`;
  const stacks = (series === undefined ? [['', rows] as const] : groupsOf(reader, rows, series)).map(
    ([stack, members]) => [stack, new Set(members)] as const,
  );
  const bars = groupsOf(reader, rows, category).map(
    ([bar, members]): Bar => ({
      name: bar,
      counts: stacks.map(([, stack]) => members.filter((row) => stack.has(row)).length),
      total: members.length,
    }),
  );
  const names = stacks.map(([stack]) => stack);
  return html`<figure class="chart"><div aria-hidden="true">
${series && html`<ul class="legend">${names.map((stack, at) => html`<li>${swatch(colourAt(colours, at))}${stack}</li>`)}</ul>`}
<ul class="bars">${bars.map((bar) => drawn(bar, Math.max(...bars.map(({ total }) => total)), colours))}</ul></div>
<div class="hidden">${numbers(reader, { name, names, bars })}</div></figure>`;
}

/** Rows by what a column says, in the order of time or of the dictionary. */
function groupsOf(
  reader: Reader,
  rows: readonly Row[],
  { column, by, through }: Grouping,
): (readonly [string, readonly Row[]])[] {
  const none = say(reader, '(vide)', '(blank)');
  const ownerOf = (counted: Row): Row | undefined => {
    const ref = through === undefined ? counted : reference(counted, through);
    return ref && reader.organization.store.get(ref.table, ref.id);
  };
  const keyOf = (counted: Row): { key: string; name: string } => {
    const row = ownerOf(counted);
    const instant = row && text(row, column);
    if (by === undefined || instant === undefined) {
      const words = (row && wordsOf(reader, row, column)) || none;
      return { key: words, name: words };
    }
    const firstDay = periodOf(instant, by);
    return { key: firstDay.toString(), name: periodName(reader, firstDay, by) };
  };
  const groups = Map.groupBy(
    rows.map((row) => ({ row, ...keyOf(row) })),
    ({ key }) => key,
  );
  return [...groups]
    .toSorted(([a], [b]) => alphabetical(reader).compare(a, b))
    .map(([key, members]) => [members[0]?.name ?? key, members.map(({ row }) => row)] as const);
}

const colourAt = (colours: readonly string[], at: number): string => `rgb(${colours[at % colours.length]})`;

const swatch = (colour: string): Html =>
  html`<svg width="12" height="12" viewBox="0 0 12 12"><rect width="12" height="12" fill="${colour}"/></svg>`;

function drawn({ name, counts, total }: Bar, longest: number, colours: readonly string[]): Html {
  const widths = counts.map((count) => (count / longest) * 100);
  const rects = widths.map((width, at) => {
    const x = widths.slice(0, at).reduce((sum, one) => sum + one, 0);
    return html`<rect x="${x}" width="${width}" height="10" fill="${colourAt(colours, at)}"/>`;
  });
  return html`<li><span>${name}</span><svg viewBox="0 0 100 10" preserveAspectRatio="none">${rects}</svg><span>${total}</span></li>`;
}

function numbers(
  reader: Reader,
  { name, names, bars }: { name: string; names: readonly string[]; bars: readonly Bar[] },
): Html {
  const stacked = names.length > 1 || names[0] !== '';
  const heads = [say(reader, 'Groupe', 'Group'), ...(stacked ? names : []), 'Total'];
  return html`<table><caption>${name}</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${bars.map((bar) => html`<tr><th scope="row">${bar.name}</th>${[...(stacked ? bar.counts : []), bar.total].map((count) => html`<td>${count}</td>`)}</tr>`)}</tbody></table>`;
}
