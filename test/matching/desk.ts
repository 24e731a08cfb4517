// A desk from which an administrator ties usagers to contacts: a worker beside it, a folder, and the command.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Rows } from '../../local/dataverse/src/direct-rows.ts';
import { makeNotification, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { run } from '../../src/cli/main.ts';
import type { UsagerId } from '../../src/rdv-solidarites/models.ts';
import { linkId } from '../../src/sync/model/link-names.ts';
import { usagerLink } from '../../src/sync/people/people-names.ts';
import { CONNECTOR_TOKEN } from '../dataverse/connector-user.ts';
import { type Bench, clear, startBench } from '../delivery/bench.ts';

type User = NonNullable<Parameters<typeof makeUser>[0]>;

export const named = { first_name: 'Camille', birth_name: null };
/** The contact that `named` is. */
export const person = { firstname: 'Camille', lastname: 'Usager-Test', birthdate: '1985-04-12' };

export const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
export const body = (data: User, second = 0, event: 'updated' | 'destroyed' = 'updated') =>
  senderJson(makeNotification({ model: 'User', event, data: makeUser({ ...named, ...data }), at: at(second) }));

/** For the tests of a file: empty before each of them. */
export class Desk {
  #bench: Bench | undefined;
  #worker: Bench | undefined;
  #folder = '';

  constructor() {
    beforeAll(async () => {
      this.#bench = await startBench();
    });
    afterAll(() => this.#bench?.stop());
    beforeEach(async () => {
      const { dataverse } = this.bench;
      clear(dataverse);
      dataverse.clearRequests();
      dataverse.faults.clear();
      this.#worker = this.bench.colleague();
      this.#folder = await mkdtemp(join(tmpdir(), 'links-'));
      return () => rm(this.#folder, { recursive: true });
    });
  }

  get bench(): Bench {
    if (this.#bench === undefined) throw new Error('not begun');
    return this.#bench;
  }

  /** A worker that knows nothing of the test before. */
  get worker(): Bench {
    return this.#worker ?? this.bench;
  }

  get dataverse(): Bench['dataverse'] {
    return this.bench.dataverse;
  }

  get rows(): Rows {
    return this.dataverse.rows;
  }

  get folder(): string {
    return this.#folder;
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(this.path(name), text);
  }

  addContact(columns: Record<string, string | number | null> = person): string {
    return this.rows.insert('contact', columns);
  }

  linkOf(usager: number) {
    return this.rows.get('rdvs_link', linkId(usagerLink(usager as UsagerId)));
  }

  contactOf(usager: number): string {
    return String(this.linkOf(usager)?.['_rdvs_contact_value']);
  }

  /** Runs `connector links …` under the role of the connector, which is enough. */
  async links(...args: string[]) {
    return this.command('links', ...args);
  }

  async command(...args: string[]) {
    const printed: string[] = [];
    const complaints: string[] = [];
    const code = await run(args, {
      environment: { DATAVERSE_URL: this.dataverse.url, DATAVERSE_LOCAL_TOKEN: CONNECTOR_TOKEN },
      print: (line) => printed.push(line),
      complain: (line) => complaints.push(line),
    });
    return { code, printed: printed.join('\n'), complaints };
  }

  async importText(text: string, ...flags: string[]) {
    await this.write('decisions.csv', text);
    return this.links('import', this.path('decisions.csv'), ...flags);
  }

  async importLines(...lines: readonly (readonly [usager: number | string, contact: string])[]) {
    return this.importText(['usager;contact', ...lines.map((cells) => cells.join(';'))].join('\r\n'));
  }
}
