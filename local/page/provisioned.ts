// For tests of the page: an emulator with the application provisioned, and rows to show.

import { run } from '../../src/cli/main.ts';
import { startDataverse } from '../dataverse/src/emulator.ts';
import { answerPage } from './answer.ts';

const NOW = new Date('2026-12-14T08:00:00Z');
const KEYS = {
  appointment: 'activityid',
  rdvs_link: 'rdvs_linkid',
  rdvs_incident: 'rdvs_incidentid',
  contact: 'contactid',
};

export async function startPage() {
  const dataverse = await startDataverse({ clock: () => NOW, page: answerPage });
  const { url, rows } = dataverse;

  const provision = async () => {
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    const environment = { DATAVERSE_URL: url, DATAVERSE_LOCAL_TOKEN: 'local' };
    const code = await run(['provision'], { environment, print: say, complain: say });
    return { code, text: said.join('\n') };
  };
  const { code, text } = await provision();
  if (code !== 0) throw new Error(text);

  return {
    dataverse,
    provision,
    /** Removes the rows of other tests. */
    clear: () => {
      for (const [table, key] of Object.entries(KEYS))
        for (const row of rows.list(table)) rows.remove(table, String(row[key]));
    },
    get: async (path: string) => {
      const response = await fetch(`${url}${path}`);
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
    contact: (lastname: string, more = {}) => rows.insert('contact', { lastname, ...more }),
    /** An RDV of half an hour. */
    rdv: (subject: string, from: string, { who, ...more }: { who?: string } & Record<string, string | number> = {}) =>
      rows.insert('appointment', {
        subject,
        rdvs_rdvid: '77',
        scheduledstart: from,
        scheduledend: new Date(Date.parse(from) + 1_800_000).toISOString(),
        ...(who && {
          appointment_activity_parties: [
            { 'partyid_contact@odata.bind': `/contacts(${who})`, participationtypemask: 5 },
          ],
        }),
        ...more,
      }),
    linked: (who: string, name = 'usager-1') =>
      rows.insert('rdvs_link', { rdvs_name: name, rdvs_state: 1, 'rdvs_contact@odata.bind': `/contacts(${who})` }),
  };
}
