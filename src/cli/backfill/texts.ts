// What `connector backfill` says before and after.
import type { BackfillStopped } from '../../backfill/batches.ts';
import type { Estimate } from '../../backfill/estimate.ts';
import type { Outcomes } from '../../backfill/outcomes.ts';
import { KINDS, type Progress } from '../../backfill/progress.ts';
import { join, type Text, type Words } from '../text.ts';

const NAMES = {
  usagers: { en: 'usagers and their memberships', fr: 'usagers et leurs rattachements' },
  rdv: 'RDV',
  absences: 'absences',
} as const;

export function costOf({ records, requests, dataverse }: Estimate, perMinute: number): readonly Text[] {
  const counted = KINDS.flatMap((kind) =>
    records[kind] === undefined ? [] : [join([`${records[kind]}`, NAMES[kind]], ' ')],
  );
  const { en, fr } = join(counted, ', ');
  const minutes = Math.ceil(requests / perMinute);
  const { requests: asked, operations, rows } = dataverse;
  return [
    { en: `To bring over: ${en}.`, fr: `À reprendre : ${fr}.` },
    {
      en: `RDV-Solidarités: about ${requests} requests, ${minutes} min at ${perMinute} a minute.`,
      fr: `RDV-Solidarités : environ ${requests} requêtes, ${minutes} min à ${perMinute} par minute.`,
    },
    {
      en: `Dynamics: at most ${asked} requests with ${operations} operations, and ${rows} rows; attendees, and occurrences of absences that recur, come on top.`,
      fr: `Dynamics : au plus ${asked} requêtes avec ${operations} opérations, et ${rows} lignes ; s’y ajoutent les participants, et les occurrences des absences récurrentes.`,
    },
  ];
}

export const STOPPED: Readonly<Record<BackfillStopped['reason'], Text>> = {
  asked: {
    en: 'Stopped: repeat the command to go on.',
    fr: 'Arrêté : répétez la commande pour continuer.',
  },
  'no-date': {
    en: 'RDV-Solidarités gave no date with its answers: nothing can be ordered beside its notifications.',
    fr: 'RDV-Solidarités n’a pas daté ses réponses : rien ne peut être ordonné à côté de ses notifications.',
  },
  'clocks-apart': {
    en: 'The clock of RDV-Solidarités and the one here are more than a minute apart: set this one right, then repeat.',
    fr: 'L’horloge de RDV-Solidarités et celle d’ici ont plus d’une minute d’écart : mettez celle-ci à l’heure, puis répétez.',
  },
};

/** The last lines. The counts of Dynamics are those of links, and of quarantine, when all was worked off. */
export function resultOf(
  { run, kinds, counts, lost, unseen }: Progress,
  { applied, refused, held }: Outcomes,
): readonly Words[] {
  const sent = KINDS.reduce((sum, kind) => sum + counts[kind].sent, 0);
  const same = Math.max(0, sent - applied - refused - held);
  return [
    ...kinds.map((kind) => {
      const { read, sent } = counts[kind];
      return join([NAMES[kind], { en: `: ${read} read, ${sent} sent`, fr: ` : ${read} lus, ${sent} envoyés` }], '');
    }),
    {
      en: `${run}: ${applied} applied, ${same} same or newer already, ${refused} refused (quarantine list)`,
      fr: `${run} : ${applied} appliqués, ${same} déjà pareils ou plus récents, ${refused} refusés (quarantine list)`,
    },
    ...(held > 0
      ? [
          {
            en: `${held} held: the application still has WRITE_TO_DYNAMICS=false; set it to true, then \`held release\``,
            fr: `${held} retenus : l’application a encore WRITE_TO_DYNAMICS=false ; mettez-le à true, puis \`held release\``,
          },
        ]
      : []),
    {
      en: 'Not seen, because the API does not show it: memberships elsewhere, plages d’ouverture, referents, and what the account has no right to see.',
      fr: 'Non vus, car l’API ne les montre pas : les rattachements ailleurs, les plages d’ouverture, les référents, et ce que le compte n’a pas le droit de voir.',
    },
    ...lost.map((id) => ({
      en: `organisation ${id}: the account lost its role there before all was read`,
      fr: `organisation ${id} : le compte y a perdu son rôle avant que tout soit lu`,
    })),
    ...(unseen > 0
      ? [
          {
            en: `${unseen} usagers or absences that RDV-Solidarités counts came on no page`,
            fr: `${unseen} usagers ou absences que RDV-Solidarités compte ne sont venus sur aucune page`,
          },
        ]
      : []),
  ];
}
