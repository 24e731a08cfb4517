// `connector explain`: what a notification would change in Dynamics now, and why. Writes nothing.

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type DataverseAccess, openCalls } from '../dataverse/calls.ts';
import { createMemory } from '../delivery/memory.ts';
import { foreignTo } from '../delivery/source-organisations.ts';
import { planFor } from '../delivery/synchronise.ts';
import { matchFor } from '../matching/match-newcomers.ts';
import { type Notification, parseNotification } from '../rdv-solidarites/notification.ts';
import { type Environment, readPolicy } from '../settings.ts';
import { inspect } from '../sync/decide.ts';
import { mappedColumns } from '../sync/mapped-columns.ts';
import { bodyHash } from '../sync/model/applied.ts';
import type { Plan, RecordDecision, Write } from '../sync/model/plan.ts';
import type { Policy } from '../sync/model/policy.ts';
import type { Party } from '../sync/model/rows.ts';
import type { Value } from '../sync/model/values.ts';
import { countsFrom } from '../sync/model/version.ts';
import { type Motif, motifLink, motifRowId } from '../sync/motif/motif-names.ts';
import { CommandError, orCommandError, readDataverseAccess } from './environment.ts';
import type { Terminal } from './terminal.ts';
import { COLON, join, type Text, type Words } from './text.ts';

interface ExplainOptions {
  readonly source?: string;
  readonly showValues?: boolean;
}

export function addExplain(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  program
    .command('explain')
    .description(
      text({
        en: 'show what a notification (file) would change in Dynamics, without writing',
        fr: 'montrer ce qu’une notification (fichier) changerait dans Dynamics, sans rien écrire',
      }),
    )
    .argument('<file>', text({ en: 'body of a notification', fr: 'corps d’une notification' }))
    .option(
      '--source <label>',
      text({
        en: 'organisation, as the last part of the address it was sent to',
        fr: 'organisation, comme dernière partie de l’adresse d’envoi',
      }),
    )
    .option(
      '--show-values',
      text({
        en: 'show the values to be written: personal data',
        fr: 'montrer les valeurs à écrire : données personnelles',
      }),
    )
    .action(async (file: string, { source, showValues = false }: ExplainOptions) => {
      const body = await readBody(file);
      const notification = read(body);
      const plan = await planNow(notification, body, { source, ...openPlanning(terminal.environment) });
      for (const line of describe(notification, plan, showValues)) terminal.print(line);
    });
}

async function readBody(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CommandError({ en: `Cannot read ${file}`, fr: `Impossible de lire ${file}` }, { cause: error });
  }
}

function read(body: Buffer): Notification {
  const parsed = parseNotification(body);
  if (parsed.kind === 'notification') {
    const { notification } = parsed;
    return { ...notification, snapshotAt: countsFrom(notification.snapshotAt, Date.now()) };
  }
  if (parsed.kind === 'unknown')
    throw new CommandError({
      en: `It would be ignored: ${parsed.reason}`,
      fr: `Elle serait ignorée : ${parsed.reason}`,
    });
  throw new CommandError(inQuarantine(parsed));
}

function inQuarantine({ code, reason }: { readonly code: string; readonly reason: string }): Text {
  return {
    en: `It would be put in quarantine: ${code}, ${reason}`,
    fr: `Elle irait en quarantaine : ${code}, ${reason}`,
  };
}

interface Planning {
  readonly policy: Policy;
  readonly dataverse: DataverseAccess;
}

/** @throws CommandError */
export function openPlanning(environment: Environment): Planning {
  const policy = orCommandError(() => readPolicy(environment));
  return { policy, dataverse: readDataverseAccess(environment, { mapped: mappedColumns(policy) }).dataverse };
}

/** What the worker would decide now. @throws CommandError when it came by the address of another organisation */
export async function planNow(
  notification: Notification,
  body: Uint8Array,
  { source, policy, dataverse }: Planning & { readonly source: string | undefined },
): Promise<Plan> {
  const foreign = foreignTo(source, notification, policy);
  if (foreign !== undefined) throw new CommandError(inQuarantine(foreign));
  const stamp = {
    snapshotAt: notification.snapshotAt,
    receivedAt: Date.now(),
    body: bodyHash(body),
    notificationId: 'explain',
  };
  const question = { notification, stamp, policy, match: matchFor(policy), source, now: Date.now() };
  return planFor(inspect(question), { calls: openCalls(dataverse), memory: createMemory() });
}

const CUT: Text = { en: "Cut to the column's length", fr: 'Coupé à la longueur de la colonne' };
const UNFIT: Text = {
  en: 'Without a value that the column can hold',
  fr: 'Sans valeur que la colonne puisse recevoir',
};

function describe(notification: Notification, plan: Plan, showValues: boolean): readonly Words[] {
  const { model, event, snapshotAt } = notification;
  const records = [...plan.records, ...motifsWritten(notification, plan)].map(
    ({ record, outcome, reason }) => `  ${record.padEnd(20)} ${outcome}${reason === undefined ? '' : ` (${reason})`}`,
  );
  const sets = plan.changeSets.flatMap((writes, at) => [
    plan.changeSets.length > 1
      ? { en: `Change set ${at + 1}:`, fr: `Lot ${at + 1} :` }
      : { en: 'Would write, all or nothing:', fr: 'Serait écrit, tout ou rien :' },
    ...writes.map((write) => describeWrite(write, showValues)),
  ]);
  const cut = plan.cut.length === 0 ? [] : [join([CUT, plan.cut.join(', ')], COLON)];
  const unfit = plan.unfit.length === 0 ? [] : [join([UNFIT, plan.unfit.join(', ')], COLON)];
  return [
    {
      en: `${model} ${event}, as of ${snapshotAt}: ${plan.outcome}`,
      fr: `${model} ${event}, état du ${snapshotAt} : ${plan.outcome}`,
    },
    ...records,
    ...(sets.length === 0 ? [{ en: 'Nothing to write.', fr: 'Rien à écrire.' }] : sets),
    ...cut,
    ...unfit,
  ];
}

/** The motifs that the notification names and brings: a plan decides about them without an entry of their own. */
function motifsWritten(notification: Notification, { changeSets }: Plan): readonly RecordDecision[] {
  const written = new Set(changeSets.flat().map(({ id }) => id));
  const motifs = motifsNamedBy(notification).filter(({ id }) => written.has(motifRowId(id)));
  return motifs.map(({ id }) => ({ record: motifLink(id), outcome: 'applied' }));
}

function motifsNamedBy(notification: Notification): readonly Motif[] {
  switch (notification.model) {
    case 'Rdv':
      return notification.data.motif ? [notification.data.motif] : [];
    case 'PlageOuverture':
      return notification.data.motifs ?? [];
    default:
      return [];
  }
}

function describeWrite({ operation, table, id, condition, columns, parties }: Write, showValues: boolean): Text {
  const shown = Object.entries(columns).map(([name, value]) => `${name}=${showValues ? showValue(value) : '•••'}`);
  const attendees =
    parties === undefined ? [] : [`attendees=${showValues ? parties.map(showParty).join('+') : parties.length}`];
  const under = join([`  ${operation} ${table} ${id} (`, conditionOf(operation, condition), ')'], '');
  return join([under, [...shown, ...attendees].join(', ')], COLON);
}

function conditionOf(operation: Write['operation'], condition: Write['condition']): Text {
  if (condition === 'absent') return { en: 'if absent', fr: 'si absent' };
  if (condition === 'any' && operation === 'create') return { en: 'there or not', fr: 'présent ou non' };
  return condition === 'any'
    ? { en: 'as left by the part before', fr: 'tel que laissé par le lot précédent' }
    : { en: `if still ${condition}`, fr: `si toujours ${condition}` };
}

function showValue(value: Value): string {
  return typeof value === 'object' && value !== null ? `${value.table} ${value.id}` : JSON.stringify(value);
}

function showParty({ role, target, address }: Party): string {
  return `${role}:${target === null ? address : `${target.table} ${target.id}`}`;
}
