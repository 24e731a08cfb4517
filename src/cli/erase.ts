// `connector erase`: removes a person, at the person's request, from everything that the connector wrote or stores.

import { type Command, InvalidArgumentError } from 'commander';
import { type BodyCounts, eraseBodies } from '../delivery/erase-bodies.ts';
import { type Erased, eraseUsager } from '../delivery/erase-usager.ts';
import type { UsagerId } from '../rdv-solidarites/models.ts';
import { readPolicy, readStorageSettings } from '../settings.ts';
import { openStorage } from '../storage/clients.ts';
import { mappedColumns } from '../sync/mapped-columns.ts';
import { CommandError, orCommandError, readDataverseAccess } from './environment.ts';
import type { Terminal } from './terminal.ts';
import { DO_NOT_ASK, join, type Text, type Words } from './text.ts';

interface EraseFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function addErase(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  program
    .command('erase')
    .description(
      text({
        en: 'erase one person: what the connector wrote in Dynamics, remembers and keeps; cannot be undone',
        fr: 'effacer une personne : ce que le connecteur a écrit dans Dynamics, retient et garde ; sans retour possible',
      }),
    )
    .argument(
      '<usager>',
      text({ en: 'the record of RDV-Solidarités, as usager-12', fr: 'la fiche de RDV-Solidarités, comme usager-12' }),
      parseUsager(terminal),
    )
    .option(
      '--dry-run',
      text({ en: 'say what would be done, and change nothing', fr: 'dire ce qui serait fait, sans rien changer' }),
    )
    .option('--yes', text(DO_NOT_ASK))
    .action((usager: UsagerId, flags: EraseFlags) => erase(usager, flags, terminal));
}

async function erase(usager: UsagerId, { dryRun = false, yes = false }: EraseFlags, terminal: Terminal): Promise<void> {
  const policy = orCommandError(() => readPolicy(terminal.environment));
  const { dataverse } = readDataverseAccess(terminal.environment, { mapped: mappedColumns(policy) });
  const storage = await openStorage(orCommandError(() => readStorageSettings(terminal.environment)));
  if (!dryRun && !yes) await confirm(usager, terminal);
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const erased = await eraseUsager(dataverse, usager, { now, dryRun });
  const bodies = await eraseBodies(storage, usager, dryRun);
  for (const text of report(usager, { erased, bodies, dryRun })) terminal.print(text);
}

async function confirm(usager: UsagerId, { ask }: Terminal): Promise<void> {
  const name = `usager-${usager}`;
  if (ask === undefined)
    throw new CommandError({
      en: `${name} would be erased for good: repeat with --yes`,
      fr: `${name} serait effacé définitivement : répétez avec --yes`,
    });
  const answer = await ask({
    en: `Erase ${name} for good? Type ${name} to confirm: `,
    fr: `Effacer ${name} définitivement ? Tapez ${name} pour confirmer : `,
  });
  if (answer.trim() !== name) throw new CommandError({ en: 'Nothing was changed.', fr: 'Rien n’a été changé.' });
}

function report(
  usager: UsagerId,
  { erased, bodies, dryRun }: { erased: Erased; bodies: BodyCounts; dryRun: boolean },
): readonly Words[] {
  const { person, referents, rdvs, alone } = erased;
  return [
    dryRun
      ? {
          en: 'Dry run: nothing was changed. It would be so:',
          fr: 'Essai à blanc : rien n’a été changé. Ce serait ainsi :',
        }
      : { en: 'Done:', fr: 'Fait :' },
    {
      en: `  link       usager-${usager} is a tombstone: whatever comes later leaves the person out`,
      fr: `  lien       usager-${usager} est marqué effacé : ce qui arrive ensuite laisse la personne de côté`,
    },
    join(['  contact    ', contactLine(person)], ''),
    { en: `  referents  ${referents} taken away`, fr: `  référents  ${referents} retirés` },
    {
      en: `  RDV        ${rdvs} without the person, ${alone} of them about nobody else: without subject and place, and no longer updated`,
      fr: `  RDV        ${rdvs} sans la personne, dont ${alone} qui ne concernaient qu’elle : sans objet ni lieu, et plus mis à jour`,
    },
    {
      en: `  bodies     ${bodies.deleted} deleted, ${bodies.redacted} kept without the person, ${bodies.unreadable} unreadable: look at them in quarantine`,
      fr: `  corps      ${bodies.deleted} supprimés, ${bodies.redacted} gardés sans la personne, ${bodies.unreadable} illisibles : regardez-les en quarantaine`,
    },
    ...NOT_OURS,
  ];
}

const NOT_OURS: readonly Text[] = [
  { en: 'Still there, and not ours to erase:', fr: 'Reste en place, et n’est pas à nous d’effacer :' },
  {
    en: '  - the person in RDV-Solidarités, unless erased there: do that too',
    fr: '  - la personne dans RDV-Solidarités, si elle n’y est pas effacée : faites-le aussi',
  },
  {
    en: '  - Dataverse: audit history of contacts and appointments (delete it row by row), backups until they expire',
    fr: '  - Dataverse : l’historique d’audit des contacts et des rendez-vous (à supprimer ligne par ligne), les sauvegardes jusqu’à leur terme',
  },
  {
    en: '  - deleted and former blobs, as long as the storage account keeps them (blobSoftDeleteDays, 7 days by default)',
    fr: '  - les blobs supprimés ou remplacés, tant que le compte de stockage les garde (blobSoftDeleteDays, 7 jours par défaut)',
  },
  {
    en: '  - messages that wait on the queue: they go when they are applied, and leave the person out',
    fr: '  - les messages qui attendent dans la file : ils partent une fois appliqués, et laissent la personne de côté',
  },
  {
    en: '  - what people typed or added themselves in Dynamics, the contact itself among it: delete it there',
    fr: '  - ce que quelqu’un a saisi ou ajouté dans Dynamics, y compris le contact lui-même : supprimez-le là-bas',
  },
];

function contactLine({ contact, shared, emptied, kept }: Erased['person']): Text {
  if (contact === null) return { en: 'none', fr: 'aucun' };
  if (shared)
    return {
      en: `${contact} stands for somebody else too, and stays as it is: correct it by hand`,
      fr: `${contact} représente aussi quelqu’un d’autre, et reste tel quel : corrigez-le à la main`,
    };
  return {
    en: `${contact}: ${emptied} columns emptied, ${kept} that people filled are left`,
    fr: `${contact} : ${emptied} colonnes vidées, ${kept} que des personnes ont remplies sont laissées`,
  };
}

const parseUsager =
  ({ text }: Terminal) =>
  (value: string): UsagerId => {
    const id = /^usager-([1-9]\d{0,14})$/.exec(value)?.[1];
    if (id === undefined)
      throw new InvalidArgumentError(
        text({ en: 'expected a usager, as usager-12', fr: 'un usager est attendu, comme usager-12' }),
      );
    return Number(id) as UsagerId;
  };
