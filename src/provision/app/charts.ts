// Charts as XML. Microsoft Learn, "Sample charts": a stacked column has two groupings, one category, one measure, one series.

import type { Chart, Grouping } from './form-shape.ts';
import { type Element, el } from './xml.ts';

const COLOURS = '91,151,213; 112,173,71; 255,192,0; 237,125,49; 160,116,166; 68,114,196';
const GREY = '59, 59, 59';
const LINE = '165, 172, 181';

export function dataXml({ table, key }: { table: string; key: string }, { groupBy, stackedBy }: Chart): Element {
  const attributes = [
    el('attribute', { alias: 'counted', name: key, aggregate: 'count' }),
    grouped(groupBy),
    ...(stackedBy === undefined ? [] : [el('attribute', { groupby: true, alias: 'stacked', name: stackedBy })]),
  ];
  const order = groupBy.by === undefined ? [] : [el('order', { alias: 'grouped', descending: false })];
  const fetch = el('fetch', { mapping: 'logical', aggregate: true }, [
    el('entity', { name: table }, [...order, ...attributes]),
  ]);
  const measure = el('measurecollection', {}, [el('measure', { alias: 'counted' })]);
  return el('datadefinition', {}, [
    el('fetchcollection', {}, [fetch]),
    el('categorycollection', {}, [el('category', { alias: 'grouped' }, [measure])]),
  ]);
}

function grouped({ column, by, of }: Grouping): Element {
  const attribute = el('attribute', { groupby: true, alias: 'grouped', name: column, dategrouping: by });
  if (of === undefined) return attribute;
  const join = { name: of.table, from: of.key, to: of.lookup, 'link-type': 'outer', alias: 'of' };
  return el('link-entity', join, [attribute]);
}

export function presentationXml(chart: Chart): Element {
  const title = { Alignment: 'TopLeft', DockingOffset: -3, Font: '{0}, 13px', ForeColor: '0, 0, 0' };
  const titles = el('Titles', {}, [el('Title', title)]);
  const legend = { Alignment: 'Center', LegendStyle: 'Table', Docking: 'right', Font: '{0}, 11px', ForeColor: GREY };
  const legends = el('Legends', {}, [el('Legend', legend)]);
  const parts = chart.stackedBy === undefined ? [...columns(), titles] : [...columns(true), titles, legends];
  return el('Chart', { Palette: 'None', PaletteCustomColors: COLOURS }, parts);
}

function columns(stacked = false): readonly Element[] {
  const series = el('Series', {
    ChartType: stacked ? 'StackedColumn' : 'Column',
    Font: '{0}, 9.5px',
    LabelForeColor: GREY,
    CustomProperties: 'PointWidth=0.75, MaxPixelPointWidth=40',
  });
  const area = el('ChartArea', { BorderColor: 'White', BorderDashStyle: 'Solid' }, [
    axis('AxisY', [el('MajorGrid', { LineColor: '239, 242, 246' }), el('MajorTickMark', { LineColor: LINE })]),
    axis('AxisX', [el('MajorGrid', { Enabled: 'False' }), el('MajorTickMark', { Enabled: 'False' })]),
  ]);
  return [el('Series', {}, [series]), el('ChartAreas', {}, [area])];
}

function axis(name: string, marks: readonly Element[]): Element {
  const shape = {
    LabelAutoFitMinFontSize: 8,
    TitleForeColor: GREY,
    TitleFont: '{0}, 10.5px',
    LineColor: LINE,
    IntervalAutoMode: 'VariableCount',
  };
  return el(name, shape, [...marks, el('LabelStyle', { Font: '{0}, 10.5px', ForeColor: GREY })]);
}
