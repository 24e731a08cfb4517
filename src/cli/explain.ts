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

interface ExplainOptions {
  readonly source?: string;
  readonly showValues?: boolean;
}

export function addExplain(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .description('show what a notification (file) would change in Dynamics, without writing')
    .argument('<file>', 'body of a notification')
    .option('--source <label>', 'organisation, as the last part of the address it was sent to')
    .option('--show-values', 'show the values to be written: personal data')
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
    throw new CommandError(`Cannot read ${file}`, { cause: error });
  }
}

function read(body: Buffer): Notification {
  const parsed = parseNotification(body);
  if (parsed.kind === 'notification') {
    const { notification } = parsed;
    return { ...notification, snapshotAt: countsFrom(notification.snapshotAt, Date.now()) };
  }
  if (parsed.kind === 'unknown') throw new CommandError(`It would be ignored: ${parsed.reason}`);
  throw new CommandError(`It would be put in quarantine: ${parsed.code}, ${parsed.reason}`);
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
  if (foreign !== undefined)
    throw new CommandError(`It would be put in quarantine: ${foreign.code}, ${foreign.reason}`);
  const stamp = {
    snapshotAt: notification.snapshotAt,
    receivedAt: Date.now(),
    body: bodyHash(body),
    notificationId: 'explain',
  };
  const question = { notification, stamp, policy, match: matchFor(policy), source, now: Date.now() };
  return planFor(inspect(question), { calls: openCalls(dataverse), memory: createMemory() });
}

function describe(notification: Notification, plan: Plan, showValues: boolean): string[] {
  const { model, event, snapshotAt } = notification;
  const records = [...plan.records, ...motifsWritten(notification, plan)].map(
    ({ record, outcome, reason }) => `  ${record.padEnd(20)} ${outcome}${reason === undefined ? '' : ` (${reason})`}`,
  );
  const sets = plan.changeSets.flatMap((writes, at) => [
    plan.changeSets.length > 1 ? `Change set ${at + 1}:` : 'Would write, all or nothing:',
    ...writes.map((write) => describeWrite(write, showValues)),
  ]);
  const cut = plan.cut.length === 0 ? [] : [`Cut to the column's length: ${plan.cut.join(', ')}`];
  const unfit = plan.unfit.length === 0 ? [] : [`Without a value that the column can hold: ${plan.unfit.join(', ')}`];
  return [
    `${model} ${event}, as of ${snapshotAt}: ${plan.outcome}`,
    ...records,
    ...(sets.length === 0 ? ['Nothing to write.'] : sets),
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

function describeWrite({ operation, table, id, condition, columns, parties }: Write, showValues: boolean): string {
  const shown = Object.entries(columns).map(([name, value]) => `${name}=${showValues ? showValue(value) : '•••'}`);
  const attendees =
    parties === undefined ? [] : [`attendees=${showValues ? parties.map(showParty).join('+') : parties.length}`];
  return `  ${operation} ${table} ${id} (${conditionOf(operation, condition)}): ${[...shown, ...attendees].join(', ')}`;
}

function conditionOf(operation: Write['operation'], condition: Write['condition']): string {
  if (condition === 'absent') return 'if absent';
  if (condition === 'any' && operation === 'create') return 'there or not';
  return condition === 'any' ? 'as left by the part before' : `if still ${condition}`;
}

function showValue(value: Value): string {
  return typeof value === 'object' && value !== null ? `${value.table} ${value.id}` : JSON.stringify(value);
}

function showParty({ role, target, address }: Party): string {
  return `${role}:${target === null ? address : `${target.table} ${target.id}`}`;
}
