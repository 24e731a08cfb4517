// Absence, plage d'ouverture → appointments in an agent's calendar.

import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import { PARIS, parseZone, toSeconds } from '../../rdv-solidarites/times.ts';
import { NOTHING_APPLIED } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import type { LinkName } from '../model/link-names.ts';
import type { Outcome, OutcomeReason, RecordDecision, Write } from '../model/plan.ts';
import type { AppointmentRow, LinkRow } from '../model/rows.ts';
import type { Timing } from '../model/series.ts';
import type { Reference } from '../model/values.ts';
import type { Order, Standing } from '../model/version.ts';
import { userOfAgent } from '../rules/agents.ts';
import { defined, type LinkContent, linkWrite } from '../rules/link-writes.ts';
import { firstFit, withoutRefusal } from '../rules/refused-owners.ts';
import { reasonOf, standingOfRecord } from '../rules/standing.ts';
import { type CalendarNotification, isWhole, sharedContent } from './calendar-mapping.ts';
import { absenceLink, plageLink } from './calendar-names.ts';
import { windowAt } from './calendar-window.ts';
import { removeAll, writeOccurrences } from './occurrence-writes.ts';

/** The name of the link of the absence or plage that a notification is about. */
export const calendarLink = ({ model, data }: CalendarNotification): LinkName =>
  model === 'Absence' ? absenceLink(data.id) : plageLink(data.id);

export interface CalendarDecision {
  readonly record: RecordDecision;
  readonly link: readonly Write[];
  readonly appointment: readonly Write[];
  readonly cut: readonly string[];
}

interface CalendarCase {
  readonly notification: CalendarNotification;
  readonly name: LinkName;
  readonly link: LinkRow | null;
  readonly context: Context;
}

/**
 * Decides about an absence or a plage d'ouverture.
 *
 * @returns `undefined` when its occurrences must be read first: only a snapshot that is newer than the link needs them
 */
export function decideCalendar(notification: CalendarNotification, context: Context): CalendarDecision | undefined {
  const name = calendarLink(notification);
  const link = context.known.links.get(name) ?? null;
  const entry: CalendarCase = { notification, name, link, context };
  const standing = standingOfRecord(link, notification.event, context.stamp);
  if (standing.kind !== 'newer') return decideOlder(entry, standing);
  const rows = context.known.occurrences.get(name);
  if (rows === undefined) return undefined;
  return notification.event === 'destroyed'
    ? takeOccurrencesAway(entry, rows, standing.order)
    : showOccurrences(entry, rows, standing.order);
}

function decideOlder(entry: CalendarCase, { kind, order }: Exclude<Standing, { kind: 'newer' }>): CalendarDecision {
  const { name, link } = entry;
  const reason = reasonOf(link, kind);
  const { version, bodies } = order ?? {};
  const kept =
    link === null || version === undefined || bodies === undefined
      ? []
      : [linkWrite(link, { name, version, applied: { ...link.applied, bodies } })];
  return decision(entry, 'stale', { ...(reason && { reason }), link: kept });
}

function showOccurrences(entry: CalendarCase, rows: readonly AppointmentRow[], order: Order): CalendarDecision {
  const { link } = entry;
  if (isIgnored(entry)) {
    const kept = keepLink(entry, order, { series: null, nextTurn: null });
    return decision(entry, 'ignored', { reason: 'unknown-agent', link: [kept], appointment: takeAway(entry, rows) });
  }
  const { writes, series, hashes, nextTurn, keptOut, cut } = arrange(entry, rows);
  const outcome = writes.length > 0 || link === null ? 'applied' : 'unchanged';
  return decision(entry, outcome, {
    ...(keptOut && { reason: 'deleted-in-dynamics' as const }),
    link: [keepLink(entry, order, { series, nextTurn }, hashes)],
    appointment: writes,
    cut,
  });
}

/** Takes a destroyed absence or plage out of the calendar, unless the sender only purges what is long past. */
function takeOccurrencesAway(entry: CalendarCase, rows: readonly AppointmentRow[], order: Order): CalendarDecision {
  const { notification, context } = entry;
  const removedOn = toSeconds(context.stamp.snapshotAt);
  const link = [keepLink(entry, order, { state: 'removed', removedOn, series: null, nextTurn: null })];
  const keeps = notification.reason === 'rgpd' && context.policy.onRgpd === 'keep' && isWhole(notification);
  if (!keeps || isIgnored(entry)) return decision(entry, 'applied', { link, appointment: takeAway(entry, rows) });
  const { writes, cut } = arrange(entry, rows);
  return decision(entry, 'applied', { link, appointment: writes, cut });
}

/** Whether its agent has no Dynamics user and the département does not want such records. */
function isIgnored(entry: CalendarCase): boolean {
  const { policy } = entry.context;
  return policy.unknownAgent === 'ignore' && isWhole(entry.notification) && agentOf(entry) === undefined;
}

function takeAway({ name, link }: CalendarCase, rows: readonly AppointmentRow[]): readonly Write[] {
  const before = link?.series ?? null;
  return removeAll(name, rows, { before, zone: before?.timing.zone ?? PARIS });
}

function arrange(entry: CalendarCase, rows: readonly AppointmentRow[]) {
  const { notification, name, link, context } = entry;
  const { policy, now } = context;
  const { wanted, cut } = sharedContent(notification);
  const before = link?.series ?? null;
  const remembered = link?.applied.columns ?? {};
  const { owner, refusal } = calendarOwner(entry, remembered);
  const laid = writeOccurrences({
    name,
    said: defined(wanted),
    after: {
      timing: timingOf(notification, before?.timing),
      agent: notification.data.agent.id,
      owner,
    },
    before,
    hashes: withoutRefusal(remembered),
    rows,
    window: windowAt(now, policy),
    policy,
  });
  return { ...laid, hashes: { ...laid.hashes, ...refusal }, cut };
}

function timingOf({ model, data }: CalendarNotification, before: Timing | undefined): Timing {
  const { organisation } = data;
  const zone = organisation?.time_zone == null ? undefined : parseZone(organisation.time_zone);
  const rule = data.rrule === undefined ? (before?.rule ?? null) : data.rrule;
  return {
    firstDay: data.first_day,
    startTime: data.start_time,
    lastDay: model === 'Absence' && rule === null ? lastDayOf(data, before) : data.first_day,
    endTime: data.end_time,
    rule,
    zone: zone ?? (organisation === undefined ? before?.zone : undefined) ?? PARIS,
  };
}

/** An absent last day changes nothing, unless the first day has gone beyond it. */
function lastDayOf({ first_day, end_day }: NotificationOf<'Absence'>['data'], before: Timing | undefined): string {
  if (end_day !== undefined) return end_day ?? first_day;
  return before !== undefined && before.lastDay > first_day ? before.lastDay : first_day;
}

const agentOf = ({ notification, context }: CalendarCase) => userOfAgent(notification.data.agent, context.known);

/** The agent's user, whose calendar then shows it. Without a user: the team that owns what has no owner. */
function calendarOwner(entry: CalendarCase, remembered: Readonly<Record<string, string>>) {
  const agent = agentOf(entry);
  const choices = [agent, ...entry.context.ownerTeams].filter((id) => id !== undefined);
  const { owner: id, refusal } = firstFit(choices, remembered, entry);
  const table = id === agent ? ('systemuser' as const) : ('team' as const);
  const owner: Reference | null = id === undefined ? null : { table, id };
  return { owner, refusal };
}

/** The link after an applied snapshot. */
function keepLink(
  { name, link, context: { stamp } }: CalendarCase,
  order: Order,
  content: Partial<LinkContent>,
  hashes: Readonly<Record<string, string>> = {},
): Write {
  return linkWrite(link, {
    name,
    version: order.version,
    applied: { ...NOTHING_APPLIED, columns: hashes, bodies: order.bodies },
    notificationId: stamp.notificationId,
    ...content,
  });
}

function decision(
  { name }: CalendarCase,
  outcome: Outcome,
  { reason, ...parts }: Partial<Omit<CalendarDecision, 'record'>> & { readonly reason?: OutcomeReason } = {},
): CalendarDecision {
  const record = { record: name, outcome, ...(reason === undefined ? {} : { reason }) };
  return { link: [], appointment: [], cut: [], ...parts, record };
}
