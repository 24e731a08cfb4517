// Measure 3: how long a process takes until it can receive, and what it loads for that.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { functionsOf, isLazy, loadedAtStart, loadedEver, packageOf } from '../package/loaded.ts';
import { type Forms, writeForms } from './cold-start/forms.ts';
import type { Figure, Measure, Table } from './report.ts';
import { median, withSpread } from './statistics.ts';

const ROUNDS = 15;
const RATIO = { atMost: 0.5 };
/** Half is not always reached; how far a milestone may stay from it before the benchmark fails. */
const ACCEPTED: Record<Milestone, number> = { registered: 0.55, answered: 0.7 };
const SHARED: Record<Milestone, string> = {
  registered: 'the programming model itself',
  answered: 'the programming model makes a `Request`, and Node loads its HTTP client for the first one',
};
/** What a package on Azure costs is files to open and bytes to read: these are bounded, with some room. */
const BOUNDS = { atStart: 320, whole: 2_100 };
const FORMS = ['bundled', 'unbundled', 'empty'] as const;
const MILESTONES = ['registered', 'answered'] as const;
type Form = (typeof FORMS)[number];
type Milestone = (typeof MILESTONES)[number];
/** Lives of processes in ms, round by round. */
type Times = Record<Milestone, Record<Form, number[]>>;

const NAMES = {
  registered: 'first function registered',
  answered: 'first 202',
  bundled: 'the bundle, as deployed',
  unbundled: 'unbundled, packages in node_modules',
  empty: 'an empty function app, bundled',
} as const;

export const measureColdStart: Measure = async ({ extent, say }) => {
  const forms = await writeForms();
  say('bundled');
  const bare: number[] = [];
  const times: Times = { registered: noTimes(), answered: noTimes() };
  for (let round = 0; round < (extent === 'full' ? 3 * ROUNDS : ROUNDS); round += 1) {
    bare.push(await lifeOf(['-e', '0']));
    for (const milestone of MILESTONES) {
      for (const form of FORMS) {
        times[milestone][form].push(await lifeOf([forms.start, forms[form], milestone]));
      }
    }
  }
  // Of medians and not of rounds: one bare process that was held up would bend a whole round.
  const net = (lives: readonly number[]) => median(lives) - median(bare);
  const ofUnbundled = (milestone: Milestone, form: Form) =>
    net(times[milestone][form]) / net(times[milestone].unbundled);
  const entries = functionsOf(forms.metafile);
  const atStart = loadedAtStart(forms.metafile, entries);
  const ever = loadedEver(forms.metafile, entries);
  const emptyAnswered = ofUnbundled('answered', 'empty');
  return {
    title: 'Cold start',
    text: [
      `From the start of a process to the first function registered, and to the first 202: whole processes that end there, less a bare \`node -e 0\`, medians of the rounds. The ${entries.length} files of the app are loaded one after the other, as the language worker does, up to the first function or all of them; \`@azure/functions-core\` is a stand-in, and files come from a warm disk cache. How long Azure takes for each file was not measured.`,
      'What is loaded is read from the account that esbuild gives of the bundle; [bundle.test.ts](../test/package/bundle.test.ts) asserts it.',
    ],
    figures: [
      ...MILESTONES.map(
        (milestone): Figure => ({
          name: `Cold start to the ${NAMES[milestone]}, bundle, of unbundled`,
          value: ofUnbundled(milestone, 'bundled'),
          unit: '×',
          bar: RATIO,
          shortfall: {
            accepted: ACCEPTED[milestone],
            why: `an empty function app takes ${ofUnbundled(milestone, 'empty').toFixed(2)} of the unbundled form: ${SHARED[milestone]}. Every form pays that; what is ours to spare is the rest.`,
          },
        }),
      ),
      { name: 'Cold start to the first 202, an empty app, of unbundled', value: emptyAnswered, unit: '×' },
      {
        name: 'What the bundle adds to an empty app until the first 202, of what the unbundled form adds',
        value: (ofUnbundled('answered', 'bundled') - emptyAnswered) / (1 - emptyAnswered),
        unit: '×',
      },
      {
        name: 'Sources of identity, storage or Dataverse loaded at start',
        value: [...atStart.sources.keys()].filter(isLazy).length,
        unit: '',
        bar: { atMost: 0 },
      },
      { name: 'Bundle loaded at start', value: atStart.bytes / 1000, unit: 'kB', bar: { atMost: BOUNDS.atStart } },
      { name: 'Bundle, all of it', value: ever.bytes / 1000, unit: 'kB', bar: { atMost: BOUNDS.whole } },
      { name: 'Files opened at start', value: atStart.files.length, unit: '' },
    ],
    tables: [timesTable(times, bare), contentTable(forms)],
  };
};

const noTimes = (): Record<Form, number[]> => ({ bundled: [], unbundled: [], empty: [] });

const SETTINGS = {
  DATAVERSE_URL: 'http://127.0.0.1:9',
  NOTIFICATIONS_STORAGE: 'UseDevelopmentStorage=true',
  RDV_WEBHOOK_SECRET: 'secret-of-the-benchmark',
};

/** How long a process of node lives, in ms. */
async function lifeOf(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: SETTINGS, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}`);
  return performance.now() - startedAt;
}

function timesTable(times: Times, bare: readonly number[]): Table {
  return {
    title: 'Whole processes, in ms: median of the rounds (least–most).',
    columns: ['', ...MILESTONES.map((milestone) => NAMES[milestone])],
    rows: [
      ['a bare `node -e 0`', withSpread(bare, 0), withSpread(bare, 0)],
      ...FORMS.map((form) => [NAMES[form], ...MILESTONES.map((milestone) => withSpread(times[milestone][form], 0))]),
    ],
  };
}

const MENTIONED = 12;

function contentTable({ metafile }: Forms): Table {
  const entries = functionsOf(metafile);
  const start = byPackage(loadedAtStart(metafile, entries).sources);
  const ever = byPackage(loadedEver(metafile, entries).sources);
  const largest = [...ever].sort(([, a], [, b]) => b - a).slice(0, MENTIONED);
  const others = [...ever]
    .slice()
    .sort(([, a], [, b]) => b - a)
    .slice(MENTIONED);
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(0);
  const sum = (names: readonly string[], of: ReadonlyMap<string, number>) =>
    names.reduce((total, name) => total + (of.get(name) ?? 0), 0);
  const rest = others.map(([name]) => name);
  return {
    title: 'What is in the bundle, in kB: what is loaded at start, and what is loaded when it is needed.',
    columns: ['package', 'at start', 'later'],
    rows: [...largest.map(([name]) => [name, [name]] as const), [`${rest.length} more`, rest] as const].map(
      ([title, names]) => [title, kilobytes(sum(names, start)), kilobytes(sum(names, ever) - sum(names, start))],
    ),
  };
}

function byPackage(sources: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const [source, bytes] of sources) {
    const name = packageOf(source) ?? 'our own sources';
    sizes.set(name, (sizes.get(name) ?? 0) + bytes);
  }
  return sizes;
}
