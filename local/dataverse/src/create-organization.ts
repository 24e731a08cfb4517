// A new environment: its tables, and the rows that exist before any client comes.

import { FORM_TYPE } from './customization/form-controls.ts';
import { addLocalizedLabels } from './customization/localized-labels.ts';
import { addPublishedCopies } from './customization/publication.ts';
import { addStandardForm } from './customization/standard-forms.ts';
import { UnseenDefinitions } from './metadata/unseen.ts';
import type { Organization, Rules } from './organization.ts';
import { FRENCH, toSeconds } from './organization.ts';
import { ExpansionCache } from './rows/expansion-cache.ts';
import { connectAppTables } from './schema/app-tables.ts';
import { connectColumnSecurityTables } from './schema/column-security-tables.ts';
import { loadTables, stableId } from './schema/load.ts';
import type { ManyToMany } from './schema/model.ts';
import { Schema } from './schema/schema.ts';
import { connectSecurityTables } from './schema/security-tables.ts';
import { seedSecurity } from './security/privileges.ts';
import type { Settings } from './settings.ts';
import { newStats } from './stats.ts';
import type { Ref, Value } from './store/row.ts';
import { Store } from './store/store.ts';

/** Microsoft Learn, "SystemUserRoles table": the pairs of systemuserroles_association are rows of an intersect table. */
const USER_ROLES: Omit<ManyToMany, 'ownColumn' | 'otherColumn' | 'otherTable'> = {
  schemaName: 'systemuserroles_association',
  navigationProperty: 'systemuserroles_association',
  intersectTable: 'systemuserroles',
};

export function createOrganization(rules: Rules, settings: Settings, clock: () => Date): Organization {
  const stats = newStats();
  const store = new Store(stats);
  const schema = new Schema(store);
  for (const table of loadTables()) schema.addTable(table);
  const own = { ...USER_ROLES, ownColumn: 'systemuserid', otherColumn: 'roleid', otherTable: 'role' };
  const inverse = { ...USER_ROLES, ownColumn: 'roleid', otherColumn: 'systemuserid', otherTable: 'systemuser' };
  schema.known('systemuser').manyToMany.push(own);
  schema.known('role').manyToMany.push(inverse);
  connectSecurityTables(schema);
  connectColumnSecurityTables(schema);
  connectAppTables(schema);
  addPublishedCopies(store);
  addLocalizedLabels(store);
  const now = () => clock().getTime();
  const unseen = new UnseenDefinitions(now, () => settings.current.definitionsAfterMs);
  const expansions = new ExpansionCache(now, () => settings.current.cachedExpansionsMs);
  const organization = { schema, store, rules, settings, stats, unseen, expansions, clock, ...seed(store, clock) };
  seedSecurity(organization);
  for (const name of ['contact', 'appointment'])
    addStandardForm(organization, schema.known(name), {
      type: FORM_TYPE.main,
      newId: (part) => stableId(`${part} of ${name}`),
    });
  return organization;
}

/** The same ids at every start, so that rows of two runs can be compared. */
function seed(store: Store, clock: () => Date): Pick<Organization, 'caller' | 'businessUnit' | 'organizationId'> {
  const now = toSeconds(clock());
  const row = (table: string, values: Record<string, Value>): Ref => {
    const id = stableId(`row ${table} ${values['uniquename'] ?? ''}`);
    store.put(table, id, { createdon: now, modifiedon: now, ...values, [`${table}id`]: id });
    return { table, id };
  };
  const { id: organizationId } = row('organization', { name: 'local', languagecode: FRENCH, localeid: FRENCH });
  const businessUnit = row('businessunit', { name: 'local', isdisabled: false });
  const caller = row('systemuser', {
    firstname: '#',
    lastname: 'Local application',
    fullname: '# Local application',
    applicationid: stableId('application'),
    domainname: 'connecteur@local',
    internalemailaddress: 'connecteur@local',
    isdisabled: false,
    accessmode: 4,
    businessunitid: businessUnit,
  });
  row('team', { name: 'local', isdefault: true, teamtype: 0, businessunitid: businessUnit });
  row('role', { name: 'System Administrator', businessunitid: businessUnit });
  const publisher = row('publisher', {
    uniquename: 'DefaultPublisherlocal',
    friendlyname: 'Default Publisher for local',
    customizationprefix: 'new',
    customizationoptionvalueprefix: 10_000,
  });
  row('solution', { uniquename: 'Default', friendlyname: 'Default Solution', version: '1.0', publisherid: publisher });
  return { caller, businessUnit, organizationId };
}
