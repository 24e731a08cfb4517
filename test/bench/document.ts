// Reports → docs/benchmarks.md, and to the terminal.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import type { Figure, Report, Table } from './report.ts';
import { holds } from './report.ts';
import type { Finished } from './run.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const PACKAGE = new URL('../../package.json', import.meta.url);

interface Run {
  readonly minutes: number;
  readonly extent: 'usual' | 'full';
}

/** Writes the document and its images. */
export async function writeDocument(finished: readonly Finished[], run: Run): Promise<void> {
  const images = new URL('plots/', DOCS);
  await mkdir(images, { recursive: true });
  for (const { file, svg } of finished.flatMap(({ report }) => report.plots ?? [])) {
    await writeFile(new URL(file, images), svg);
  }
  const versions = await readVersions();
  await writeFile(new URL('benchmarks.md', DOCS), renderDocument(finished, { ...run, versions }));
}

/** The whole document. */
export function renderDocument(
  finished: readonly Finished[],
  { minutes, extent, versions }: Run & { versions: readonly string[] },
): string {
  const barred = finished.flatMap(({ report }) => report.figures.filter(({ bar }) => bar !== undefined));
  const missed = barred.filter((figure) => !holds(figure));
  const summary: Table = {
    title: '',
    columns: ['measure', 'value', 'bar', 'holds'],
    rows: barred.map((figure) => [figure.name, show(figure), showBar(figure), holds(figure) ? 'yes' : '**no**']),
  };
  const verdict =
    missed.length === 0
      ? 'All bars hold.'
      : `${missed.length} of ${barred.length} bars do not hold: ${missed.map(({ name }) => name).join('; ')}.`;
  const command = extent === 'full' ? 'npm run bench -- --full' : 'npm run bench';
  return `${[
    '# Benchmarks',
    'Written by `npm run bench`; edits are lost. What is compared was measured in one run, on one machine: read the ratios, not the milliseconds.',
    '## Repeat it',
    `\`\`\`sh\nnpm ci\n${command}\n\`\`\``,
    `It needs nothing else, and took ${minutes.toFixed(1)} minutes. It fails when a bar does not hold; where a second limit is named beside the bar, when that is passed. \`npm run bench -- receiver growth\` runs and prints some measures only (${finished.map(({ name }) => `\`${name}\``).join(', ')}); \`-- --full\` takes longer and covers more.`,
    `| machine | |\n|---|---|\n${versions.map((line) => `| ${line} |`).join('\n')}`,
    '## The bars',
    verdict,
    renderTable(summary),
    ...finished.flatMap(({ report }) => renderReport(report)),
  ].join('\n\n')}\n`;
}

function renderReport({ title, text, figures, tables = [], plots = [] }: Report): readonly string[] {
  const shown: Table = {
    title: '',
    columns: ['', 'value', 'bar'],
    rows: figures.map((figure) => [figure.name, show(figure), showBar(figure)]),
  };
  const shortfalls = figures.flatMap((figure) =>
    figure.shortfall === undefined || holds(figure)
      ? []
      : [`**${figure.name}** does not reach its bar: ${figure.shortfall.why}`],
  );
  return [
    `## ${title}`,
    ...text,
    renderTable(shown),
    ...shortfalls,
    ...plots.map(({ file, caption }) => `![${caption}](plots/${file})`),
    ...tables.flatMap((table) => [table.title, renderTable(table)]),
  ];
}

function renderTable({ columns, rows }: Table): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell.replaceAll('|', '\\|'))).join(' | ')} |`;
  return [line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function show({ value, unit }: Figure): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${text}${unit === '×' ? '×' : unit === '' ? '' : ` ${unit}`}`;
}

function showBar(figure: Figure): string {
  const { bar, shortfall } = figure;
  if (bar === undefined) return '';
  const shown = (value: number) => show({ ...figure, value });
  const limit = 'atMost' in bar ? `at most ${shown(bar.atMost)}` : `at least ${shown(bar.atLeast)}`;
  return shortfall === undefined ? limit : `${limit}; fails past ${shown(shortfall.accepted)}`;
}

/** One measure, for the terminal. */
export function printReport({ name, report, seconds }: Finished): void {
  console.log(`\n${name} (${seconds.toFixed(0)} s)`);
  for (const figure of report.figures) {
    const mark = figure.bar === undefined ? ' ' : holds(figure) ? '✓' : '✗';
    console.log(
      `  ${mark} ${figure.name}: ${show(figure)}${figure.bar === undefined ? '' : `   (${showBar(figure)})`}`,
    );
  }
  for (const { title, columns, rows } of report.tables ?? []) {
    console.log(`  ${title}`);
    for (const row of [columns, ...rows]) console.log(`    ${row.join('  |  ')}`);
  }
}

async function readVersions(): Promise<readonly string[]> {
  const { dependencies, devDependencies } = JSON.parse(await readFile(PACKAGE, 'utf8'));
  const packages = ['@azure/functions', 'dynamics-web-api', 'zod', '@azure/storage-queue', '@azure/identity'];
  const all: Record<string, string> = { ...devDependencies, ...dependencies };
  const [cpu] = cpus();
  return [
    `processor | ${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}`,
    `memory | ${(totalmem() / 2 ** 30).toFixed(0)} GB`,
    `system | ${type()} ${release()}`,
    `Node | ${process.version}`,
    ...packages.map((name) => `${name} | ${all[name]}`),
    `azurite | ${all['azurite']}`,
  ];
}
