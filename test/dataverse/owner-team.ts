import type { Rows } from '../../local/dataverse/src/direct-rows.ts';

/** A team that can own contacts and appointments: one whose role reads them. Returns its id. */
export function insertOwnerTeam(rows: Rows, values: { teamid?: string; name?: string } = {}): string {
  const teamid = rows.insert('team', { name: 'Équipe-Test', teamtype: 0, ...values });
  const basicUser = rows.list('role').find(({ name }) => name === 'Basic User');
  rows.insert('teamroles', { teamid, roleid: String(basicUser?.['roleid']) });
  return teamid;
}
