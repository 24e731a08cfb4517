// Measure 8: a département brought over by a backfill that is killed five times: whole on a virtual clock, and a small one in
// processes of their own, while people go on working.

import { LARGE } from '../../local/rdv-solidarites/sender/start-sender.ts';
import { type Beside, runBeside } from './backfill/beside.ts';
import type { BroughtOver } from './backfill/departement.ts';
import { runChild } from './child.ts';
import type { Figure, Measure } from './report.ts';
import { median, quantile } from './statistics.ts';

const SMALL = { organisations: 3, agents: 5, usagers: 250, rdvs: 500 };
const MIDDLE = { organisations: 10, agents: 5, usagers: 4_000, rdvs: 7_500 };
const KILLS = 5;
const PACE = 40;
/** One request over the network, in ms. */
const DATAVERSE_MS = 80;

export const measureBackfill: Measure = async ({ extent, say }) => {
  const size = extent === 'full' ? LARGE : MIDDLE;
  const beside = await runBeside({ size: SMALL, kills: KILLS, dataverseMs: DATAVERSE_MS, say });
  say(`live: ${median(beside.alone).toFixed(0)} ms alone, ${median(beside.during).toFixed(0)} ms beside`);
  const whole = await runChild<BroughtOver>('backfill/whole.ts', { size, kills: KILLS, perMinute: PACE }, [
    '--expose-gc',
    '--max-old-space-size=8192',
  ]);
  const count = (value: number) => value.toLocaleString('en');
  return {
    title: 'Backfill',
    text: [
      `**Whole, on a virtual clock.** ${count(size.rdvs)} RDV and ${count(size.usagers)} usagers of ${size.organisations} organisations are read at the API of the stand-in over HTTP, at ${PACE} requests a minute of a clock that passes by itself. The reading runs in a thread of its own, which is killed ${KILLS} times in the midst of whatever it does, and goes on from what it last saved. Each record is decided and written into Dynamics as plain maps, each reading and each change set counted as one request: through the emulator it would take an hour. Memory is what that thread holds after garbage collection, at each batch.`,
      `**Beside live notifications.** ${count(SMALL.rdvs)} RDV and ${count(SMALL.usagers)} usagers, by the command itself, killed as often; one process applies what it reads, another live notifications, two a second. Alone means twenty seconds before and twenty after. All of them share this machine with the emulator, which answers after ${DATAVERSE_MS} ms as Dataverse does from afar: without that wait its own computing would be measured.`,
    ],
    figures: [...ofWhole(whole), ...ofBeside(beside)],
  };
};

function ofWhole(whole: BroughtOver): readonly Figure[] {
  const { records, sent, memory } = whole;
  const part = (from: number, to: number) => median(memory.slice(from * memory.length, to * memory.length));
  return [
    { name: 'Whole: records missing in Dynamics', value: whole.missing, unit: '', bar: { atMost: 0 } },
    { name: 'Whole: rows doubled in Dynamics', value: whole.doubled, unit: '', bar: { atMost: 0 } },
    { name: 'Whole: records at the sender', value: records, unit: '' },
    { name: 'Whole: records sent, those after a kill again', value: sent, unit: '' },
    { name: 'Whole: requests to RDV-Solidarités', value: whole.senderRequests, unit: '' },
    { name: `Whole: time of reading, at ${PACE} requests a minute`, value: whole.minutes, unit: 'min' },
    { name: 'Whole: requests to Dataverse', value: whole.dataverseRequests, unit: '' },
    {
      name: 'Whole: requests to Dataverse for a record sent',
      value: whole.dataverseRequests / sent,
      unit: '',
      bar: { atMost: 2.1 },
    },
    { name: 'Whole: operations in them', value: whole.operations, unit: '' },
    {
      name: 'Whole: memory of the reading in the last quarter, of the second',
      value: part(0.75, 1) / part(0.25, 0.5),
      unit: '×',
      bar: { atMost: 1.2 },
    },
    { name: 'Whole: memory of the reading at most', value: Math.max(...memory), unit: 'MB' },
  ];
}

function ofBeside({ alone, during, ...beside }: Beside): readonly Figure[] {
  return [
    { name: 'Beside: the command ended with', value: beside.code ?? Number.NaN, unit: '', bar: { atMost: 0 } },
    { name: 'Beside: records missing in Dynamics', value: beside.missing, unit: '', bar: { atMost: 0 } },
    { name: 'Beside: rows doubled in Dynamics', value: beside.doubled, unit: '', bar: { atMost: 0 } },
    {
      name: 'Beside: median delay of live notifications, of that when alone',
      value: median(during) / median(alone),
      unit: '×',
      bar: { atMost: 1.2 },
    },
    {
      name: 'Beside: 95th percentile of that delay, of that when alone',
      value: quantile(during, 0.95) / quantile(alone, 0.95),
      unit: '×',
    },
    {
      name: 'Beside: requests to Dataverse for a record',
      value: beside.dataverseRequests / beside.records,
      unit: '',
      bar: { atMost: 3 },
    },
    { name: 'Beside: records applied in a second, by one process', value: beside.appliedPerSecond, unit: '' },
    { name: 'Beside: memory of the command at most', value: Math.max(...beside.memory), unit: 'MB' },
  ];
}
