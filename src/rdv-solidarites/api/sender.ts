// The door to the sender's REST API. Nothing is searched by name, e-mail or date of birth: ids only, because the sender
// keeps every address for a year.
import type * as z from 'zod';
import { absence, agent, motif, organisation, type Rdv, user } from '../models.ts';
import { SenderError } from './failure.ts';
import { type ListOf, type Page, type Received, readOne, readPage, readPages } from './pages.ts';
import type { DatedAnswer, Transport } from './transport.ts';
import { RDVS, type RdvPage, type RdvWindow, readRdvWindows } from './windows.ts';

type Of<S extends z.ZodType> = z.infer<S>;

/** One record, asked for by id: as it is, deleted, or alive where the account has no role. */
export type Found<T> = Pick<DatedAnswer, 'asOf' | 'apartMs'> &
  ({ readonly kind: 'found'; readonly record: Received<T> } | { readonly kind: 'gone' | 'outside' });

/** One list of an organisation, from a page on. */
export interface ListRequest {
  readonly organisation: number;
  /** Default 1: where an interrupted reading goes on. */
  readonly page?: number | undefined;
}

export type Counted = 'rdvs' | 'users' | 'motifs';

/** Every method throws SenderError. */
export interface Sender {
  /** The agent who signed in; `undefined` where the instance does not tell. Also the first request of a run. */
  readMe(): Promise<Received<Of<typeof agent>> | undefined>;
  /** The organisations where the account has a role: a territory's administrator without one sees none. */
  readOrganisations(): AsyncIterable<Page<Of<typeof organisation>>>;
  readRdvs(window: RdvWindow): AsyncIterable<RdvPage>;
  /**
   * One RDV. The filter by id shows nothing of what the account may not see either: `gone` only where the same answer
   * shows the witness, another RDV of its motif; else `outside`.
   */
  readRdv(id: number, witness?: number): Promise<Found<Rdv>>;
  /** An organisation that is not the account's own gives the usagers of all that are. */
  readUsagers(request: ListRequest): AsyncIterable<Page<Of<typeof user>>>;
  /** The only way to tell a usager who was deleted from one who left the account's organisations. */
  readUsager(id: number): Promise<Found<Of<typeof user>>>;
  /** Those the account may see among these, at most 100. */
  readUsagersById(ids: readonly number[]): Promise<Page<Of<typeof user>>>;
  /** An organisation that is not the account's own gives the agents of all that are. */
  readAgents(request: ListRequest): AsyncIterable<Page<Of<typeof agent>>>;
  /** One that is not the account's own is answered 500. */
  readMotifs(request: ListRequest): AsyncIterable<Page<Of<typeof motif>>>;
  /** One list for all organisations. */
  readAbsences(request?: { readonly page?: number | undefined }): AsyncIterable<Page<Of<typeof absence>>>;
  readAbsence(id: number): Promise<Found<Of<typeof absence>>>;
  /** How many records of an organisation the sender counts. */
  count(what: Counted, organisation: number): Promise<number>;
}

const ORGANISATIONS: ListOf<Of<typeof organisation>> = { root: 'organisations', schema: organisation };
const USERS: ListOf<Of<typeof user>> = { root: 'users', schema: user };
const AGENTS: ListOf<Of<typeof agent>> = { root: 'agents', schema: agent };
const MOTIFS: ListOf<Of<typeof motif>> = { root: 'motifs', schema: motif };
const ABSENCES: ListOf<Of<typeof absence>> = { root: 'absences', schema: absence };

const COUNTED = { rdvs: RDVS, users: USERS, motifs: MOTIFS };
const MOST_IDS = 100;

export function openSender(transport: Transport): Sender {
  const ask = async <T>(path: string, list: ListOf<T>) => {
    const answer = await transport.send({ method: 'GET', path, expected: [403, 404] });
    const { asOf, apartMs, status } = answer;
    if (status === 403) return { kind: 'outside', asOf, apartMs } as const;
    if (status === 404) return { kind: 'gone', asOf, apartMs } as const;
    return { kind: 'found', record: readOne(answer, list), asOf, apartMs } as const;
  };
  return {
    readMe: async () => {
      try {
        const me = await ask('agents/me', { root: 'agent', schema: agent });
        return me.kind === 'found' ? me.record : undefined;
      } catch (error) {
        // An instance of before 2025 answers with the page of its router.
        if (error instanceof SenderError && error.failure.status === 404) return undefined;
        throw error;
      }
    },
    readOrganisations: () => readPages(transport, ORGANISATIONS, { path: 'organisations' }),
    readRdvs: (window) => readRdvWindows(transport, window),
    readRdv: async (id, witness) => {
      const asked = witness === undefined ? [id] : [id, witness];
      const { records, asOf, apartMs } = await readPage(transport, RDVS, { path: 'rdvs', query: { id: asked } });
      // A version that does not know this filter would list everything.
      if (records.some((one) => !asked.includes(one.id)))
        throw new SenderError({ kind: 'unreadable', code: 'filter-ignored' });
      const record = records.find((one) => one.id === id);
      if (record !== undefined) return { kind: 'found', record, asOf, apartMs };
      return { kind: records.length > 0 ? 'gone' : 'outside', asOf, apartMs };
    },
    readUsagers: ({ organisation, page }) =>
      readPages(transport, USERS, { path: `organisations/${organisation}/users`, page }),
    readUsager: (id) => ask(`users/${id}`, { root: 'user', schema: user }),
    readUsagersById: async (ids) => {
      if (ids.length > MOST_IDS) throw new RangeError(`at most ${MOST_IDS} ids`);
      return readPage(transport, USERS, { path: 'users', query: { ids } });
    },
    readAgents: ({ organisation, page }) =>
      readPages(transport, AGENTS, { path: 'agents', query: { organisation_id: organisation }, page }),
    readMotifs: ({ organisation, page }) =>
      readPages(transport, MOTIFS, { path: `organisations/${organisation}/motifs`, page }),
    readAbsences: ({ page } = {}) => readPages(transport, ABSENCES, { path: 'absences', page }),
    readAbsence: (id) => ask(`absences/${id}`, { root: 'absence', schema: absence }),
    count: async (what, organisation) => {
      const path = `organisations/${organisation}/${what}`;
      return (await readPage<unknown>(transport, COUNTED[what], { path })).totalCount;
    },
  };
}
