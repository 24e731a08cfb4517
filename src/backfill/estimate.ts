// What a backfill costs, counted before anything is read.
import type { Sender } from '../rdv-solidarites/api/sender.ts';
import { PAGES_A_LOOK } from './batches.ts';
import type { Kind } from './progress.ts';

export interface Estimate {
  /** Memberships, RDV, absences, as the sender counts them. */
  readonly records: Partial<Record<Kind, number>>;
  /** To the sender. */
  readonly requests: number;
  /** To Dataverse, and what they write at most when Dynamics has none of it. */
  readonly dataverse: { readonly requests: number; readonly operations: number; readonly rows: number };
}

const PAGE = 100;
/** Windows are made to hold most of a page (read-rdvs.ts); a few hold more than one, and are halved. */
const RDV_A_REQUEST = 50;
/** One reads, one writes. */
const REQUESTS_A_RECORD = 2;
/** A contact, its link and the membership's; an appointment and its link. Attendees are rows of the appointment. */
const ROWS: Readonly<Record<Kind, number>> = { usagers: 3, rdv: 2, absences: 2 };

/** Asks one request for each organisation and kind. @throws SenderError */
export async function estimate(
  sender: Sender,
  kinds: readonly Kind[],
  organisations: readonly number[],
): Promise<Estimate> {
  const records: Partial<Record<Kind, number>> = {};
  let requests = 2 + 2 * organisations.length;
  for (const kind of kinds) {
    const counts: number[] = [];
    if (kind === 'absences')
      for await (const { totalCount } of sender.readAbsences()) {
        counts.push(totalCount);
        break;
      }
    else for (const id of organisations) counts.push(await sender.count(kind === 'rdv' ? 'rdvs' : 'users', id));
    records[kind] = counts.reduce((sum, one) => sum + one, 0);
    const size = kind === 'rdv' ? RDV_A_REQUEST : PAGE;
    const pages = counts.reduce((sum, one) => sum + Math.max(1, Math.ceil(one / size)), 0);
    requests += Math.ceil(pages * (1 + 1 / PAGES_A_LOOK));
  }
  const all = Object.values(records).reduce((sum, one) => sum + one, 0);
  const rows = kinds.reduce((sum, kind) => sum + ROWS[kind] * (records[kind] ?? 0), 0);
  // Each record is read with what it names, and written in one change set.
  return { records, requests, dataverse: { requests: REQUESTS_A_RECORD * all, operations: rows + 2 * all, rows } };
}
