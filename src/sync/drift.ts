// A snapshot that changes nothing writes nothing: what is left of a decision, and how each record stands to the sender.
import type { ModelName } from '../rdv-solidarites/models.ts';
import { type Applied, decodeApplied, encodeApplied } from './model/applied.ts';
import { type Guid, linkId } from './model/link-names.ts';
import type { Drift, RecordDecision, RecordDrift, Write } from './model/plan.ts';
import type { Parts, PersonWrites } from './model/record-kind.ts';
import type { Known, LinkRow } from './model/rows.ts';
import { encodeSeries } from './model/series.ts';

export interface Stock {
  /** Without the writes that would only date a link anew. */
  readonly parts: Parts;
  readonly drift: readonly RecordDrift[];
  /** The links that are not written: that they say what they say was relied on. */
  readonly leftOut: readonly Guid[];
}

/**
 * Takes the writes out that change nothing but a link's version, and says of each record how it stands to the sender.
 *
 * A membership that is written keeps the link of its usager beside it, so that two memberships cannot end unseen.
 */
export function takeStock(model: ModelName, parts: Parts, known: Known): Stock {
  const links = linksIn(known);
  const idle = (writes: readonly Write[]) => writes.every((write) => onlyDates(write, links.get(write.id)));
  const isIdle = ({ newContacts, links, contacts }: PersonWrites) => idle([...newContacts, ...links, ...contacts]);
  const own = idle(parts.writes) ? [] : parts.writes;
  const together = model !== 'Rdv' && own.length > 0;
  const people = parts.people.map((person) => (isIdle(person) && !together ? NO_WRITES : person));
  const written = new Set([...own, ...people.flatMap((person) => person.links)].map(({ id }) => id));
  const all = [...parts.writes, ...parts.people.flatMap((person) => person.links)];
  // The decisions about people come first, each at the place of its writes: see the kinds of records.
  const drift = parts.records.map((decision, at) => {
    const person = parts.people[at];
    const writes = person === undefined ? own.length > 0 : !isIdle(person);
    return { record: decision.record, drift: driftOf(decision, writes) };
  });
  const quiet = new Set(drift.flatMap(({ record, drift }) => (drift === 'would-write' ? [] : [record])));
  const settled = (decision: RecordDecision): RecordDecision =>
    decision.outcome === 'applied' && quiet.has(decision.record) ? { ...decision, outcome: 'unchanged' } : decision;
  return {
    parts: {
      ...parts,
      record: parts.record && settled(parts.record),
      records: parts.records.map(settled),
      people,
      writes: own,
    },
    drift,
    leftOut: all.flatMap(({ table, id }) => (table === 'rdvs_link' && !written.has(id) ? [id] : [])),
  };
}

const NO_WRITES: PersonWrites = { newContacts: [], links: [], contacts: [] };

function driftOf({ outcome, reason, corrected }: RecordDecision, writes: boolean): Drift {
  if (reason === 'deleted-in-dynamics' || reason === 'destroyed' || reason === 'departed') return 'kept-out';
  if (writes) return 'would-write';
  if (outcome === 'stale' && reason === undefined) return 'stale';
  return corrected ? 'corrected' : 'same';
}

function linksIn({ links, memberships, companions }: Known): ReadonlyMap<Guid, LinkRow> {
  const rows = [...links.values(), ...[...memberships.values(), ...companions.values()].flat()];
  return new Map(rows.flatMap((row) => (row === null ? [] : [[linkId(row.name), row]])));
}

/** Whether a write says nothing new but the order of arrivals. The first version of a link is news. */
function onlyDates({ table, operation, columns }: Write, link: LinkRow | undefined): boolean {
  if (table !== 'rdvs_link' || operation !== 'update' || link === undefined || link.version === null) return false;
  const {
    rdvs_version: _,
    rdvs_lastnotification: __,
    rdvs_nextturn: ___,
    rdvs_applied,
    rdvs_series,
    ...others
  } = columns;
  const series = link.series === null ? null : encodeSeries(link.series);
  return (
    Object.keys(others).length === 0 &&
    (rdvs_series === undefined || rdvs_series === series) &&
    typeof rdvs_applied === 'string' &&
    memoryOf(decodeApplied(rdvs_applied)) === memoryOf(link.applied)
  );
}

const memoryOf = (applied: Applied) => encodeApplied({ ...applied, bodies: {} });
