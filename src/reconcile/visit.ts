// Reads the sender list by list and compares what it shows. Usagers come before RDV: who is back is then an attendee the
// same night.
import type { Page, Received } from '../rdv-solidarites/api/pages.ts';
import { type FreshPage, readUnsteady } from '../rdv-solidarites/api/unsteady-list.ts';
import type { Rdv, RdvId, UsagerId } from '../rdv-solidarites/models.ts';
import type { SnapshotRecord } from '../rdv-solidarites/snapshot.ts';
import { motifRowId } from '../sync/motif/motif-names.ts';
import { usagerLink } from '../sync/people/people-names.ts';
import { rdvLink } from '../sync/rdv/rdv-names.ts';
import { liveAmong, membersOf, rdvsBetween } from './our-records.ts';
import type { Run } from './run.ts';
import { type Taking, take } from './take.ts';

const DAY_MS = 86_400_000;
const SECOND_MS = 1000;
const DAYS_PAST = 30;
const DAYS_AHEAD = 365;
/** An unordered list hides records between two pages: it is read again while some are missing. */
const PASSES = 3;

/** @returns whether the stage is done; false when the time of the item is over */
type Stage = (run: Run, means: Taking) => Promise<boolean>;

const byId =
  <T>(model: 'Rdv' | 'Absence') =>
  ({ body }: Received<T>): SnapshotRecord => ({
    event: 'snapshot',
    model,
    data: body,
  });

/** Every usager of every organisation. */
export const visitUsagers: Stage = async (run, means) => {
  for (let organisation = run.organisations[run.at]; organisation; organisation = run.organisations[run.at]) {
    const own = { ...organisation };
    const { id } = own;
    const membership = ({ body }: Received<unknown>): SnapshotRecord => ({
      event: 'snapshot',
      model: 'UserProfile',
      data: { user: body, organisation: own },
    });
    const list = (page: number) => means.sender.readUsagers({ organisation: id, page });
    const isOurs = () => hasRole(id, means);
    const done = await visitList(run, means, { list, toRecord: membership, isOurs });
    if (done === 'late') return false;
    if (done === 'whole') await seekUsagers(run, means, id);
    else run.lost = [...new Set([...run.lost, id])];
    next(run);
    await means.save(run);
    if (means.isLate()) return false;
  }
  run.at = 0;
  return true;
};

async function hasRole(organisation: number, { sender }: Taking): Promise<boolean> {
  for await (const { records } of sender.readOrganisations()) {
    if (records.some(({ id }) => id === organisation)) return true;
  }
  return false;
}

async function seekUsagers(run: Run, { calls }: Taking, organisation: number): Promise<void> {
  const members = await membersOf(calls, organisation);
  const seen = new Set(run.seen);
  run.sizes[`User-${organisation}`] = members.length;
  // An organisation of one's own that shows nobody is a right that was lost, or a list that failed.
  if (seen.size === 0 && members.length > 0) {
    run.counts.outside += members.length;
    return;
  }
  const absent = members.filter((id) => !seen.has(id));
  for (const id of absent) run.candidates.push({ model: 'User', id, organisation, motif: null });
}

/** Every absence: one list. Nothing is concluded from one that is not there. */
export const visitAbsences: Stage = async (run, means) => {
  const done = await visitList(run, means, {
    list: (page) => means.sender.readAbsences({ page }),
    toRecord: byId('Absence'),
    isOurs: async () => true,
  });
  if (done === 'late') return false;
  next(run);
  run.at = 0;
  return true;
};

interface List {
  readonly list: (page: number) => AsyncIterable<Page<unknown>>;
  readonly toRecord: (received: Received<unknown>) => SnapshotRecord;
  /** Without its role, the account is shown the usagers of all its other organisations. */
  readonly isOurs: () => Promise<boolean>;
}

/** Pages that are read before one looks whether they were the account's own: one more request for ten. */
const PAGES_A_LOOK = 10;

async function visitList(
  run: Run,
  means: Taking,
  { list, toRecord, isOurs }: List,
): Promise<'whole' | 'late' | 'lost'> {
  let pages: FreshPage<unknown>[] = [];
  for await (const page of readUnsteady(list, run, PASSES)) {
    pages.push(page);
    const isLast = page.next === undefined;
    // Asked only now: an item whose first page came late would else begin with the same page for ever.
    const isLate = means.isLate();
    if (!isLast && !isLate && pages.length < PAGES_A_LOOK) continue;
    if (!(await isOurs())) return 'lost';
    for (const { records, after, ...source } of pages) {
      await take(run, means, source, records.map(toRecord));
      run.page = after.page;
      run.pass = after.pass;
      run.seen = [...run.seen, ...records.map(({ id }) => id)];
      await means.save(run);
    }
    if (isLate && !isLast) return 'late';
    pages = [];
  }
  return 'whole';
}

function next(run: Run): void {
  run.at += 1;
  run.page = 1;
  run.pass = 1;
  run.seen = [];
}

/** The RDV of every organisation, by windows that one page holds. */
export const visitRdvs: Stage = async (run, means) => {
  const to = run.startedAt - (run.startedAt % SECOND_MS) + DAYS_AHEAD * DAY_MS;
  for (; run.at < run.organisations.length; run.at += 1) {
    const organisation = run.organisations[run.at];
    if (organisation === undefined) break;
    run.from ??= to - (DAYS_AHEAD + DAYS_PAST) * DAY_MS;
    if (run.from <= to) {
      for await (const page of means.sender.readRdvs({ organisation: organisation.id, from: run.from, to })) {
        await take(run, means, page, page.records.map(byId('Rdv')));
        noteWitnesses(run, page);
        const complete = page.records.length >= page.totalCount;
        if (complete) await seekRdvs(run, means, { organisation, ...page });
        run.from = page.to + SECOND_MS;
        await means.save(run);
        if (means.isLate()) return false;
      }
    }
    run.from = null;
  }
  run.at = 0;
  return true;
};

function noteWitnesses({ witnesses }: Run, { records }: Page<Rdv>): void {
  for (const { id, value } of records) if (value?.motif != null) witnesses[motifRowId(value.motif.id)] = id;
}

interface RdvsSeen {
  readonly organisation: Run['organisations'][number];
  readonly from: number;
  readonly to: number;
  readonly records: readonly Received<unknown>[];
}

async function seekRdvs(run: Run, { calls }: Taking, { organisation, from, to, records }: RdvsSeen): Promise<void> {
  const ours = await rdvsBetween(calls, { organisation: organisation.name, from, to });
  const key = `Rdv-${organisation.id}`;
  run.sizes[key] = (run.sizes[key] ?? 0) + ours.length;
  const seen = new Set(records.map(({ id }) => id));
  const absent = ours.filter(({ id }) => !seen.has(id));
  const live = await liveAmong(
    calls,
    absent.map(({ id }) => rdvLink(id as RdvId)),
  );
  for (const { id, motif } of absent) {
    if (live.has(rdvLink(id as RdvId))) run.candidates.push({ model: 'Rdv', id, organisation: organisation.id, motif });
  }
}

/** The names by which candidates are counted. */
export const linkOf = ({ model, id }: { readonly model: 'Rdv' | 'User'; readonly id: number }) =>
  model === 'Rdv' ? rdvLink(id as RdvId) : usagerLink(id as UsagerId);
