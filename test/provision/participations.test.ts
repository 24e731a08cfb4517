// Where Dataverse allows participations no parent, they refer to their appointment.
import { expect, onTestFinished, test } from 'vitest';
import { startDataverse } from '../../local/dataverse/src/emulator.ts';
import { rawClient } from '../../local/dataverse/test/raw-client.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { relationshipDefinition } from '../../src/provision/definitions.ts';
import { provision } from '../../src/provision/provision.ts';
import { participationTable } from '../../src/schema/participation-table.ts';

const FRENCH = { base: 1036, provisioned: [1036] };
const { rdvs_appointment } = participationTable.columns;
const BY_RELATIONSHIP = "RelationshipDefinitions(SchemaName='rdvs_appointment_participation')";

test('participations get a relationship that refers where the table has a parent already, and that is no flaw', async () => {
  const dataverse = await startDataverse({ token: 'local' });
  onTestFinished(() => dataverse.stop());
  const open = connect({ url: dataverse.url, token: async () => 'local' });
  await provision(open());
  const raw = rawClient(dataverse.url, 'local');
  await raw.remove(BY_RELATIONSHIP);
  const other = {
    ...rdvs_appointment,
    schemaName: 'new_parent',
    relationship: 'new_contact_participation',
    navigationProperty: 'new_parent',
    referencedNavigationProperty: 'new_contact_participation',
    target: 'contact',
    targetKey: 'contactid',
    cascade: { ...rdvs_appointment.cascade, merge: 'Cascade' as const },
  };
  const made = await raw.post('RelationshipDefinitions', relationshipDefinition('rdvs_participation', other, FRENCH));
  expect(made.status).toBe(204);
  const report = await provision(open());
  expect(report.steps.filter(({ change }) => change === 'created')).toEqual([
    { component: 'rdvs_participation.rdvs_appointment', change: 'created' },
  ]);
  const found = await raw.get(`${BY_RELATIONSHIP}/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata`);
  expect(found.json).toMatchObject({ CascadeConfiguration: { Delete: 'RemoveLink', Assign: 'NoCascade' } });
  expect((await provision(open())).changed).toBe(false);
});
