// Measure 1: requests to Dataverse per notification.
import { runChild } from './child.ts';
import { LIMITS, QUEUES } from './defaults.ts';
import type { Figure, Measure, Table } from './report.ts';
import { ALTERNATIVES, count } from './requests/alternatives.ts';
import { type Announced, readAnnounced } from './requests/announced.ts';
import type { ReplayCase, Replayed } from './requests/replay.ts';
import { sendAll } from './requests/send-alternatives.ts';
import { HABITS } from './trace/habits.ts';
import { BULK_HABIT, makeTrace } from './trace/trace.ts';

const SEED = 20_261_124;
const ALL = 10_000;
/** Notifications at the beginning of the trace whose alternatives are sent for real. */
const SENT = 300;
const AVERAGE = { atMost: 1.7 };
const MOST = { atMost: 2 };

const USUAL: Omit<ReplayCase, 'notifications'> = {
  seed: SEED,
  processes: 1,
  dealt: 'in batches',
  repeats: 'equal',
};

export const measureRequests: Measure = async ({ say, extent }) => {
  const notifications = extent === 'small' ? ALL / 10 : ALL;
  const replay = (change: Partial<ReplayCase>) =>
    runChild<Replayed>('requests/replay.ts', { ...USUAL, notifications, ...change });
  const smaller = extent === 'full' ? {} : { notifications: notifications / 5 };
  const [one, four] = await Promise.all([replay({}), replay({ processes: 4 })]);
  say('the trace is delivered, by one process and by four');
  const [byChance, apart] = await Promise.all([
    replay({ ...smaller, processes: 4, dealt: 'by chance' }),
    replay({ ...smaller, repeats: 'a second apart' }),
  ]);
  const [withoutParticipations, neverShared] = await Promise.all([
    replay({ participations: 'off' }),
    replay({ places: LIMITS.concurrent }),
  ]);
  const trace = makeTrace({ seed: SEED, notifications });
  const announced = trace.arrivals.map(({ body }) => readAnnounced(body));
  const alternatives = await compare(announced, { one, four });
  return {
    title: 'Requests to Dataverse per notification',
    text: [
      `Counted by the emulated Dataverse over an invented trace of ${notifications.toLocaleString('en')} notifications of three working days, the same in every run. It begins with an empty memory and with half of the usagers in Dynamics. A process remembers ${one.remembered} rows of each kind at most, of ${one.records.toLocaleString('en')} records, and agents, for ten minutes of the trace's own time.`,
      `Processes take messages as the Functions host does: each looks at the queue again after 100 ms to 2 s, and takes up to ${QUEUES.batchSize} messages, which it delivers at the same time. Requests are real HTTP requests, each taken to last 80 ms; only time is not real.`,
      'What the sender does is known from its source. How often people do what is not published: the shares are ours, and so are these choices: a usager belongs to 1.3 organisations, 2 % of the bodies arrive one to six hours late, jobs of one act are rendered 40 ms apart. “A second apart” shows what rests on the last one: there, no body is an exact repeat of another, and the bar would not hold.',
    ],
    figures: [
      average('one process', one),
      average('four processes', four),
      most('one process', one),
      most('four processes', four),
      {
        name: 'Operations per notification, participations off',
        value: withoutParticipations.operations / withoutParticipations.notifications,
        unit: '',
        bar: { atMost: 4.5 },
        shortfall: VERSIONS_ARE_KEPT,
      },
      {
        name: 'Time of a delivery with no backlog, of that with a place for each: median',
        value: one.ms.p50 / neverShared.ms.p50,
        unit: '×',
        bar: { atMost: 1.03 },
      },
      {
        name: 'Time of a delivery with no backlog, of that with a place for each: 99th percentile',
        value: one.ms.p99 / neverShared.ms.p99,
        unit: '×',
        bar: { atMost: 1.1 },
      },
      { name: 'Operations per notification, one process', value: one.operations / one.notifications, unit: '' },
      { name: 'Operations per notification, four processes', value: four.operations / four.notifications, unit: '' },
    ],
    tables: [
      costs([
        ['one process', one],
        ['four processes', four],
        ['four processes, each message dealt by chance', byChance],
        ['one process, repeats a second apart', apart],
      ]),
      alternatives,
      habits(one),
    ],
  };
};

const VERSIONS_ARE_KEPT = {
  accepted: 7.5,
  why: 'most operations keep the version of each usager that an RDV names: without it a body that comes late would win',
};

const average = (name: string, { requests, conflicts, notifications }: Replayed): Figure => ({
  name: `Requests per notification, ${name}, conflicts apart`,
  value: (requests - 2 * conflicts) / notifications,
  unit: '',
  bar: AVERAGE,
});

const most = (name: string, { most }: Replayed): Figure => ({
  name: `Most requests for one notification, ${name}, conflicts apart`,
  value: most,
  unit: '',
  bar: MOST,
});

function costs(cases: readonly (readonly [string, Replayed])[]): Table {
  const row = (name: string, replayed: Replayed): (string | number)[] => {
    const { notifications, requests, conflicts, byCost } = replayed;
    const share = (count: number | undefined) => `${((100 * (count ?? 0)) / notifications).toFixed(0)} %`;
    const perThousand = ((1000 * conflicts) / notifications).toFixed(1);
    const without = ((requests - 2 * conflicts) / notifications).toFixed(2);
    const withAll = (requests / notifications).toFixed(2);
    return [name, notifications, ...byCost.map(share), without, perThousand, withAll];
  };
  return {
    title:
      'What notifications cost. A conflict costs two more requests, which the average leaves out and the last column counts.',
    columns: ['', 'notifications', 'none', 'one', 'two', 'average', 'conflicts in 1,000', 'with conflicts'],
    rows: cases.map(([name, replayed]) => row(name, replayed)),
  };
}

async function compare(
  announced: readonly Announced[],
  { one, four }: { one: Replayed; four: Replayed },
): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const alternative of ALTERNATIVES) {
    const { requests, operations, handled } = count(alternative, announced);
    const beginning = announced.slice(0, SENT);
    const [expected, sent] = [count(alternative, beginning), await sendAll(alternative, beginning)];
    if (sent.requests !== expected.requests || sent.operations !== expected.operations || sent.refused > 0) {
      throw new Error(`${alternative.name}: counted ${JSON.stringify(expected)}, sent ${JSON.stringify(sent)}`);
    }
    const per = (total: number) => (total / handled).toFixed(2);
    rows.push([
      alternative.name,
      handled,
      per(requests),
      per(operations),
      alternative.sequence,
      alternative.lacks,
      alternative.source,
    ]);
  }
  const ours = ({ notifications, requests, operations }: Replayed) =>
    [notifications, (requests / notifications).toFixed(2), (operations / notifications).toFixed(2)] as const;
  const sequence = 'one $batch of queries, one $batch with a change set of conditional writes';
  return {
    title: `Beside other ways, over the same trace. They are counted from the sequences that their documents describe; the first ${SENT} notifications were sent for real, and cost what was counted. Averages are over the notifications that a way does anything about. The connector saves requests, not operations: each row that it writes has a link beside it that keeps its version.`,
    columns: ['', 'notifications', 'requests', 'operations', 'sequence', 'what it lacks', 'described in'],
    rows: [
      ['**this connector**, one process', ...ours(one), sequence, '', '[architecture.md](architecture.md)'],
      ['**this connector**, four processes', ...ours(four), 'the same; conflicts included', '', ''],
      ...rows,
    ],
  };
}

function habits({ habits: seen }: Replayed): Table {
  const bulk = {
    name: BULK_HABIT,
    sends: 'everything of an organisation, as created: all RDV, User and UserProfile',
    source: 'jobs/trigger_webhook_job.rb',
  };
  return {
    title:
      "The habits of the trace: what people do, and what the sender makes of it (files of the sender's app folder).",
    columns: ['what people do', 'what is sent', 'source', 'notifications', 'requests each'],
    rows: [...HABITS, bulk].map(({ name, sends, source }) => {
      const found = seen.find(({ habit }) => habit === name);
      const each = found === undefined ? '' : (found.requests / found.notifications).toFixed(2);
      return [name, sends, `\`${source}\``, found?.notifications ?? 0, each];
    }),
  };
}
