// Forms and dashboards as XML. Microsoft Learn, "Form XML schema"; shape of the exports of Microsoft's own solutions.

import type { Languages } from '../definitions.ts';
import { CONTROL, shownAs } from './controls.ts';
import type { Cell, Form, Grid, Section, Timeline } from './form-shape.ts';
import { bracedId, idOf } from './ids.ts';
import { labels } from './labels.ts';
import { chartPart, viewId } from './part-names.ts';
import { type Element, el } from './xml.ts';

/** What a form is made for: its table, and the languages of the environment. */
interface Making {
  readonly table: string;
  /** Ids of tabs, sections and cells are derived from it. */
  readonly part: string;
  readonly languages: Languages;
}

const ROWS_OF_GRID = 6;
const ROWS_OF_TIMELINE = 12;
const classid = (control: keyof typeof CONTROL) => `{${CONTROL[control]}}`;

/** The form of a table. */
export function formXml(table: string, form: Form, languages: Languages): Element {
  const making: Making = { table, part: `form ${table}`, languages };
  const columns = form.columns.map(({ width, sections }) =>
    el('column', { width: `${width}%` }, [
      el(
        'sections',
        {},
        sections.map((section) => sectionXml(making, section)),
      ),
    ]),
  );
  const tab = el(
    'tab',
    {
      name: 'rdvs_general',
      id: bracedId(`${making.part} tab`),
      locklevel: 0,
      showlabel: true,
      expanded: true,
      verticallayout: true,
    },
    [labels(form.name, languages), el('columns', {}, columns)],
  );
  const conditions = el('DisplayConditions', { FallbackForm: true, Order: form.order }, [el('Everyone')]);
  return el('form', { headerdensity: 'HighWithControls' }, [
    el('tabs', {}, [tab]),
    headerXml(making, form.header),
    conditions,
  ]);
}

function headerXml(making: Making, columns: readonly string[]): Element {
  const cells = columns.map((column) => fieldXml(making, { column, id: `header_${column}`, readOnly: true }));
  const layout = {
    celllabelposition: 'Top',
    columns: '1'.repeat(columns.length),
    labelwidth: 115,
    celllabelalignment: 'Left',
  };
  return el('header', { id: bracedId(`${making.part} header`), ...layout }, [el('rows', {}, [el('row', {}, cells)])]);
}

function sectionXml(making: Making, { name, label, columns, cells }: Section): Element {
  const shape = { labelwidth: 115, celllabelalignment: 'Left', celllabelposition: 'Left' };
  const id = bracedId(`${making.part} section ${name}`);
  return el(
    'section',
    { name: `rdvs_${name}`, id, showlabel: true, showbar: false, columns: '1'.repeat(columns), ...shape },
    [labels(label, making.languages), el('rows', {}, rowsOf(making, cells, columns))],
  );
}

/** Fields stand side by side; a list or timeline takes rows of its own. */
function rowsOf(making: Making, cells: readonly Cell[], columns: number): Element[] {
  const rows: Element[] = [];
  let open: Element[] = [];
  const close = () => {
    if (open.length > 0) rows.push(el('row', {}, open));
    open = [];
  };
  for (const cell of cells) {
    if (typeof cell === 'string' || 'readOnly' in cell) {
      const column = typeof cell === 'string' ? cell : cell.readOnly;
      open.push(fieldXml(making, { column, id: column, readOnly: typeof cell !== 'string' }));
      if (open.length === columns) close();
      continue;
    }
    close();
    const tall = 'grid' in cell ? gridCell(making, cell, columns) : timelineCell(making, cell, columns);
    const height = 'grid' in cell ? ROWS_OF_GRID : ROWS_OF_TIMELINE;
    rows.push(el('row', {}, [tall]), ...Array.from({ length: height - 1 }, () => el('row')));
  }
  close();
  return rows;
}

interface FieldOf {
  readonly column: string;
  readonly id: string;
  readonly readOnly: boolean;
}

function fieldXml({ table, part, languages }: Making, { column, id, readOnly }: FieldOf): Element {
  const { control, label } = shownAs(table, column);
  return el('cell', { id: bracedId(`${part} cell ${id}`) }, [
    labels(label, languages),
    el('control', { id, classid: classid(control), datafieldname: column, disabled: readOnly }),
  ]);
}

function gridCell({ part, languages }: Making, grid: Grid, colspan: number): Element {
  const shape = { rowspan: ROWS_OF_GRID, colspan, auto: false, showlabel: true };
  return el('cell', { id: bracedId(`${part} cell ${grid.grid}`), ...shape }, [
    labels(grid.label, languages),
    el('control', { id: `rdvs_${grid.grid}`, classid: classid('grid'), indicationOfSubgrid: true }, [
      parameters(grid, 5),
    ]),
  ]);
}

function timelineCell(
  { part, languages }: Making,
  { timeline, label, activities }: Timeline,
  colspan: number,
): Element {
  const shape = { rowspan: ROWS_OF_TIMELINE, colspan, auto: false, showlabel: false };
  const modules = activities.length === 0 ? 'Notes' : 'Activities,Notes';
  const settings = [
    ['DefaultTabId', activities.length === 0 ? 'NotesTab' : 'ActivitiesTab'],
    ['UClientUniqueName', 'Timeline'],
    ['UClientModules', modules],
    ['UClientRecordPerPage', '10'],
    ['UClientOrderBy', 'descending'],
    ...(activities.length === 0 ? [] : [['UClientActivities', activities.join(',')]]),
  ].map(([name = '', value = '']) => el(name, {}, [value]));
  return el('cell', { id: bracedId(`${part} cell ${timeline}`), ...shape }, [
    labels(label, languages),
    el('control', { id: timeline, classid: classid('timeline') }, [el('parameters', {}, settings)]),
  ]);
}

/** All of them: with one missing, Dynamics takes the form and draws nothing. */
function parameters({ of, view, relationship = '', chart }: Grid, records: number): Element {
  const braced = `{${viewId(of, view)}}`;
  const list: readonly (readonly [string, string])[] = [
    ['ViewId', braced],
    ['ViewIds', braced],
    ['IsUserView', 'false'],
    ['RelationshipName', relationship],
    ['TargetEntityType', of],
    ['AutoExpand', 'Fixed'],
    ['EnableQuickFind', 'false'],
    ['EnableViewPicker', 'false'],
    ['EnableJumpBar', 'false'],
    ['ChartGridMode', chart === undefined ? 'Grid' : 'Chart'],
    ['VisualizationId', chart === undefined ? '' : `{${idOf(chartPart(of, chart))}}`],
    ['IsUserChart', 'false'],
    ['EnableChartPicker', 'false'],
    ['RecordsPerPage', String(records)],
  ];
  return el(
    'parameters',
    {},
    list.map(([name, value]) => el(name, {}, value === '' ? [] : [value])),
  );
}

/** A dashboard: one tab of two columns, a section for each list or chart, six at most. */
export function dashboardXml(part: string, grids: readonly Grid[], languages: Languages): Element {
  const making: Making = { table: '', part, languages };
  const sections = grids.map((grid) => {
    const shape = { showlabel: false, showbar: false, columns: '1' };
    const rows = [
      el('row', {}, [gridCell(making, grid, 1)]),
      ...Array.from({ length: ROWS_OF_GRID - 1 }, () => el('row')),
    ];
    const id = bracedId(`${part} section ${grid.grid}`);
    return el('section', { name: `rdvs_${grid.grid}`, id, ...shape }, [
      labels(grid.label, languages),
      el('rows', {}, rows),
    ]);
  });
  const half = (side: number) => sections.filter((_, index) => index % 2 === side);
  const columns = [0, 1].map((side) => el('column', { width: '50%' }, [el('sections', {}, half(side))]));
  const shape = { name: 'rdvs_dashboard', showlabel: false, expanded: true, verticallayout: true, locklevel: 0 };
  const tab = el('tab', { ...shape, id: bracedId(`${part} tab`) }, [
    labels({ fr: 'Tableau de bord', en: 'Dashboard' }, languages),
    el('columns', {}, columns),
  ]);
  return el('form', {}, [el('tabs', {}, [tab])]);
}
