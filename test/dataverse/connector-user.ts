// Dataverse as the connector meets it: provisioned, and signed in to as an application user that has just its role.

import { type DataverseEmulator, type DataverseOptions, startDataverse } from '../../local/dataverse/src/emulator.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { provision } from '../../src/provision/provision.ts';
import { readerRole } from '../../src/provision/roles.ts';

/** What the connector signs in by. `local` is the token of an administrator. */
export const CONNECTOR_TOKEN = 'connector';
export const CONNECTOR_APPLICATION = '5d1f3a52-8c1b-4f0e-9a57-3f2b6c7d8e90';

/** Agents have “Lecture” beside Basic User, and own the participations of their RDV, and the referents that they are. */
function letBasicUsersRead(rows: DataverseEmulator['rows']): void {
  const basicUser = rows.list('role').find(({ name }) => name === 'Basic User');
  for (const right of readerRole.ownRowsPrivileges ?? []) {
    const read = rows.list('privilege').find(({ name }) => name === right);
    const held = { roleid: String(basicUser?.['roleid']), privilegeid: String(read?.['privilegeid']) };
    rows.insert('roleprivileges', { ...held, privilegedepthmask: 1 });
  }
}

export async function startProvisioned(options: DataverseOptions = {}): Promise<DataverseEmulator> {
  const applications = { [CONNECTOR_TOKEN]: CONNECTOR_APPLICATION };
  const dataverse = await startDataverse({ applications, ...options });
  // The same id in every environment, so that rows of two of them can be compared.
  dataverse.rows.insert('systemuser', {
    systemuserid: '2f9c6a1e-4b07-4d3a-8e65-9a1c0d7f5b38',
    lastname: 'Connecteur RDV-Solidarités',
    applicationid: CONNECTOR_APPLICATION,
    _businessunitid_value: String(dataverse.rows.list('businessunit')[0]?.['businessunitid']),
  });
  const administrator = connect({ url: dataverse.url, token: async () => options.token ?? 'local' });
  await provision(administrator(), { applicationUser: CONNECTOR_APPLICATION });
  letBasicUsersRead(dataverse.rows);
  dataverse.clearRequests();
  return dataverse;
}
