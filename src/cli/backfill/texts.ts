// What `connector backfill` says before and after.
import type { BackfillStopped } from '../../backfill/batches.ts';
import type { Estimate } from '../../backfill/estimate.ts';
import type { Outcomes } from '../../backfill/outcomes.ts';
import { KINDS, type Progress } from '../../backfill/progress.ts';

const NAMES = { usagers: 'usagers and their memberships', rdv: 'RDV', absences: 'absences' } as const;

export function costOf({ records, requests, dataverse }: Estimate, perMinute: number): readonly string[] {
  const counted = KINDS.flatMap((kind) => (records[kind] === undefined ? [] : [`${records[kind]} ${NAMES[kind]}`]));
  return [
    `To bring over: ${counted.join(', ')}.`,
    `RDV-Solidarités: about ${requests} requests, ${Math.ceil(requests / perMinute)} min at ${perMinute} a minute.`,
    `Dynamics: at most ${dataverse.requests} requests with ${dataverse.operations} operations, and ${dataverse.rows} rows; attendees, and occurrences of absences that recur, come on top.`,
  ];
}

export const STOPPED: Readonly<Record<BackfillStopped['reason'], string>> = {
  asked: 'Stopped: repeat the command to go on.',
  'no-date': 'RDV-Solidarités gave no date with its answers: nothing can be ordered beside its notifications.',
  'clocks-apart':
    'The clock of RDV-Solidarités and the one here are more than a minute apart: set this one right, then repeat.',
};

/** The last lines. The counts of Dynamics are those of links, and of quarantine, when all was worked off. */
export function resultOf(
  { run, kinds, counts, lost, unseen }: Progress,
  { applied, refused, held }: Outcomes,
): readonly string[] {
  const sent = KINDS.reduce((sum, kind) => sum + counts[kind].sent, 0);
  const same = Math.max(0, sent - applied - refused - held);
  return [
    ...kinds.map((kind) => `${NAMES[kind]}: ${counts[kind].read} read, ${counts[kind].sent} sent`),
    `${run}: ${applied} applied, ${same} same or newer already, ${refused} refused (quarantine list)`,
    ...(held > 0
      ? [`${held} held: the application still has WRITE_TO_DYNAMICS=false; set it to true, then \`held release\``]
      : []),
    'Not seen, because the API does not show it: memberships elsewhere, plages d’ouverture, referents, and what the account has no right to see.',
    ...lost.map((id) => `organisation ${id}: the account lost its role there before all was read`),
    ...(unseen > 0 ? [`${unseen} usagers or absences that RDV-Solidarités counts came on no page`] : []),
  ];
}
