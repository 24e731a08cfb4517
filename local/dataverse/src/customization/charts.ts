// What a chart must be to be taken. Microsoft Learn, "Sample charts", "Visualization data description schema".

import { invalidArgument } from '../errors.ts';
import { parseFetch } from '../fetch/query.ts';
import { readXml } from '../fetch/xml.ts';
import type { Organization } from '../organization.ts';
import type { Values } from '../store/row.ts';
import { validateXml } from './xml-schemas.ts';
import { named } from './xml-tree.ts';

const MOST_SERIES = 5;

export function checkChart(organization: Organization, values: Values): void {
  const { primaryentitytypecode, datadescription, presentationdescription } = values;
  if (typeof datadescription !== 'string' || typeof presentationdescription !== 'string')
    throw invalidArgument('A chart needs datadescription and presentationdescription.');
  validateXml('VisualizationDataDescription', datadescription);
  validateXml('Chart', presentationdescription);
  const data = readXml(datadescription);
  const chart = readXml(presentationdescription);
  if (data === undefined || chart === undefined) throw invalidArgument('The chart is no XML.');
  const fetch = parseFetch(organization, /<fetch[\s>][\s\S]*<\/fetch>/.exec(datadescription)?.[0] ?? '');
  if (fetch.entity.table.logicalName !== primaryentitytypecode)
    throw invalidArgument(`The chart is of '${String(primaryentitytypecode)}', its query of another table.`);
  const columns = [fetch.entity, ...fetch.entity.links].flatMap((entity) => entity.columns);
  const aliases = new Set(columns.map(({ attributes }) => attributes['alias']));
  const categories = named(data, 'category');
  // The sentence of the server.
  if (named(chart, 'ChartArea').length !== categories.length)
    throw invalidArgument('The number of chart areas must be equal to the number of categories.');
  const measures = named(data, 'measure');
  const series = (chart.children.find(({ name }) => name === 'Series')?.children ?? []).length;
  if (series !== measures.length || series > MOST_SERIES)
    throw invalidArgument('A chart has one series for each measure, five at most.');
  for (const { attributes } of [...measures, ...categories])
    if (attributes['alias'] !== undefined && !aliases.has(attributes['alias']))
      throw invalidArgument(`The alias '${attributes['alias']}' is not one of the query.`);
}
