import { expect, test } from 'vitest';
import { describe } from '../../src/provision/calls.ts';
import type { Current } from '../../src/provision/current.ts';
import type { CurrentSecurity } from '../../src/provision/current-security.ts';
import type { CurrentColumn } from '../../src/provision/current-tables.ts';
import { planProvisioning } from '../../src/provision/plan.ts';
import { allPrivileges, connectorRole, readerRole, roles } from '../../src/provision/roles.ts';
import { nameOf, securedColumns } from '../../src/schema/memory-profile.ts';
import { schema } from '../../src/schema/schema.ts';
import type { Column, Schema } from '../../src/schema/shape.ts';

const wanted: Schema = schema;
const types = {
  string: 'String',
  memo: 'Memo',
  whole: 'Integer',
  choice: 'Picklist',
  boolean: 'Boolean',
  datetime: 'DateTime',
  lookup: 'Lookup',
};

function asFound(column: Column, name: string): CurrentColumn {
  return {
    id: `id-of-${name}`,
    type: types[column.type],
    ...('secured' in column && { secured: true }),
    ...('maxLength' in column && { maxLength: column.maxLength }),
    ...(column.type === 'choice' && { options: Object.values(column.options).map(({ value }) => value) }),
  };
}

const NO_SECURITY: CurrentSecurity = {
  rootBusinessUnitId: 'root',
  privileges: new Map(),
  roles: new Map(),
  applicationUser: undefined,
  profile: undefined,
};

/** Roles as we make them, in an environment without the tables of Dynamics 365 apps. */
function security(otherwise: Partial<CurrentSecurity> = {}): CurrentSecurity {
  const existing = allPrivileges.filter((name) => !/Lead|Equipment|Entitlement|Knowledge/.test(name));
  const heldBy = ({ id, privileges, optionalPrivileges, ownRowsPrivileges = [] }: (typeof roles)[number]) => {
    const global = [...privileges, ...optionalPrivileges];
    return { id, privileges: new Set(global.map(idOf)), held: new Set([...global, ...ownRowsPrivileges].map(idOf)) };
  };
  return {
    ...NO_SECURITY,
    privileges: new Map(existing.map((name) => [name, idOf(name)])),
    roles: new Map(roles.map((role) => [role.id, heldBy(role)])),
    profile: { members: new Set(['u']), permissions: new Map(securedColumns.map((one) => [nameOf(one), WHOLE])) },
    ...otherwise,
  };
}

const WHOLE = { id: 'p', whole: true };

const idOf = (privilege: string) => `id-of-${privilege}`;

/** An environment that has everything, some of it in another form. */
function complete(otherwise: Record<string, CurrentColumn> = {}): Current {
  const tables = Object.entries(wanted.tables).map(([table, { entitySet, columns, ...rest }]) => {
    const found = Object.entries(columns).map(
      ([name, column]) => [name, otherwise[`${table}.${name}`] ?? asFound(column, name)] as const,
    );
    const ownership = rest.kind === 'own' ? rest.ownership : 'UserOwned';
    return [table, { entitySet, ownership, columns: new Map(found) }] as const;
  });
  const relationships = Object.entries(wanted.tables).flatMap(([table, { columns }]) =>
    Object.entries(columns).flatMap(([column, shape]) => {
      if (shape.type !== 'lookup') return [];
      const { relationship, target, navigationProperty, referencedNavigationProperty, cascade } = shape;
      const found = { table, column, target, navigationProperty, referencedNavigationProperty, cascade };
      return [[relationship, found] as const];
    }),
  );
  return {
    languages: { base: 1033, provisioned: [1033, 1036] },
    publisher: { id: 'publisher', prefix: 'rdvs' },
    solution: { id: 'solution', version: '1.0.0.0', managed: false },
    tables: new Map(tables),
    relationships: new Map(relationships),
    security: security(),
  };
}

/** A fresh environment: Microsoft's tables only. */
function fresh(languages = { base: 1033, provisioned: [1033, 1036] }): Current {
  const standard = ['contact', 'appointment'].map(
    (name) => [name, { entitySet: `${name}s`, ownership: 'UserOwned', columns: new Map() }] as const,
  );
  return {
    languages,
    publisher: undefined,
    solution: undefined,
    tables: new Map(standard),
    relationships: new Map(),
    security: NO_SECURITY,
  };
}

const changes = (current: Current) =>
  planProvisioning(current, wanted)
    .steps.filter(({ change }) => change !== 'unchanged')
    .map(({ component, change }) => `${change} ${component}`);

const kinds = (current: Current) =>
  planProvisioning(current, wanted).steps.flatMap(({ calls }) => calls.map(({ kind }) => kind));

test('a complete environment is left alone', () => {
  expect(planProvisioning(complete(), wanted).conflicts).toEqual([]);
  expect(changes(complete())).toEqual([]);
});

const ownTables = Object.values(schema.tables).filter(({ kind }) => kind === 'own');
/** What a table is not created with: columns of Microsoft's tables, and lookups of ours. */
const added = Object.values(schema.tables).flatMap(({ kind, columns }) =>
  Object.values(columns)
    .map(({ type }) => type)
    .filter((type) => kind === 'extended' || type === 'lookup'),
);

test('a fresh environment gets everything: publisher first, version last', () => {
  const { steps, conflicts } = planProvisioning(fresh(), wanted);
  expect(conflicts).toEqual([]);
  expect(steps.every(({ change }) => change !== 'unchanged')).toBe(true);
  expect(kinds(fresh({ base: 1036, provisioned: [1036] }))).toEqual([
    ...['create-publisher', 'create-solution'],
    ...Array(ownTables.length).fill('create-table'),
    ...added.map((type) => (type === 'lookup' ? 'create-relationship' : 'create-column')),
    ...roles.flatMap(() => ['create-role', 'grant']),
    ...['publish', 'set-version'],
  ]);
});

test.each([
  ['English with French', { base: 1033, provisioned: [1033, 1036] }, [1033, 1036], 'Birth name'],
  ['English alone', { base: 1033, provisioned: [1033] }, [1033], 'Birth name'],
  ['French', { base: 1036, provisioned: [1036, 1033] }, [1036], 'Nom de naissance'],
  ['German with French', { base: 1031, provisioned: [1031, 1036] }, [1031, 1036], 'Birth name'],
])('labels in %s', (_, languages, codes, first) => {
  const text = JSON.stringify(planProvisioning(fresh(languages), wanted).steps);
  const used = new Set([...text.matchAll(/"LanguageCode":(\d+)/g)].map(([, code]) => Number(code)));
  expect([...used]).toEqual(codes);
  expect(text).toContain(`"Label":"${first}"`);
});

test('a shorter column is lengthened, a longer one kept, a missing option added', () => {
  const current = complete({
    'contact.rdvs_birthname': { id: 'b', type: 'String', maxLength: 40 },
    'rdvs_link.rdvs_applied': { id: 'a', type: 'Memo', maxLength: 100_000, secured: true },
    'appointment.rdvs_status': { id: 's', type: 'Picklist', options: [1, 2, 3, 99] },
  });
  expect(changes(current)).toEqual([
    'updated contact.rdvs_birthname',
    'updated appointment.rdvs_status',
    'updated publication',
  ]);
  expect(kinds(current)).toEqual(['lengthen', 'add-option', 'add-option', 'add-option', 'publish']);
});

test('another cascade is set right, action by action', () => {
  const { relationships, ...rest } = complete();
  const changed = [...relationships].map(([name, found]) => {
    const cascade = { ...found.cascade, delete: 'Cascade', share: 'UserOwned' };
    return [name, name === 'rdvs_contact_link' ? { ...found, cascade } : found] as const;
  });
  const current: Current = { ...rest, relationships: new Map(changed) };
  expect(changes(current)).toEqual(['updated rdvs_link.rdvs_contact', 'updated publication']);
  const calls = planProvisioning(current, wanted).steps.flatMap((step) => step.calls);
  expect(calls.map(describe)[0]).toEqual({
    request: "PUT RelationshipDefinitions(SchemaName='rdvs_contact_link')",
    body: { CascadeConfiguration: { Delete: 'RemoveLink', Share: 'NoCascade' } },
  });
});

test('an interrupted run is completed and published by the next one', () => {
  const interrupted = changes({ ...complete(), solution: { id: 's', version: '0.0.0.1', managed: false } });
  expect(interrupted).toEqual(['updated publication', 'updated version 1.0.0.0']);
  expect(changes({ ...complete(), solution: { id: 's', version: '1.0.0.10', managed: false } })).toEqual([]);
});

test('whatever stands in the way is named, all of it at once', () => {
  const current = complete({
    'contact.rdvs_birthname': { id: 'b', type: 'Memo', maxLength: 100 },
    'appointment.rdvs_status': { id: 's', type: 'String', maxLength: 100 },
  });
  const { conflicts } = planProvisioning(
    { ...current, publisher: { id: 'p', prefix: 'new' }, relationships: new Map() },
    wanted,
  );
  expect(conflicts).toEqual([
    'publisher RdvSolidarites has the prefix new; expected rdvs',
    'rdvs_link.rdvs_contact is a lookup of another relationship; expected rdvs_contact_link',
    'contact.rdvs_birthname is a column of type Memo; expected String',
    'contact.rdvs_responsible is a lookup of another relationship; expected rdvs_contact_responsible',
    'rdvs_motif.rdvs_ownerteam is a lookup of another relationship; expected rdvs_team_motif',
    'appointment.rdvs_status is a column of type String; expected Picklist',
    'appointment.rdvs_motifid is a lookup of another relationship; expected rdvs_motif_appointment',
    'rdvs_participation.rdvs_appointment is a lookup of another relationship; expected rdvs_appointment_participation',
    'rdvs_participation.rdvs_contact is a lookup of another relationship; expected rdvs_contact_participation',
    'rdvs_referent.rdvs_contact is a lookup of another relationship; expected rdvs_contact_referent',
    'rdvs_referent.rdvs_user is a lookup of another relationship; expected rdvs_systemuser_referent',
    'rdvs_duplicate.rdvs_contact is a lookup of another relationship; expected rdvs_contact_duplicate',
    'rdvs_duplicate.rdvs_othercontact is a lookup of another relationship; expected rdvs_othercontact_duplicate',
  ]);
});

test('a managed solution is complete or refused', () => {
  const managed = { solution: { id: 's', version: '1.0.0.0', managed: true } };
  expect(planProvisioning({ ...complete(), ...managed }, wanted).conflicts).toEqual([]);
  expect(planProvisioning({ ...fresh(), ...managed }, wanted).conflicts).toEqual([
    'solution RdvSolidarites is managed here: import its version 1.0.0.0 instead',
  ]);
});

test('a managed solution is given the privileges that exist here alone, and the application user', () => {
  const managed = { solution: { id: 's', version: '1.0.0.0', managed: true } };
  const privileges = new Map(allPrivileges.map((name) => [name, idOf(name)]));
  const imported = roles.map(
    ({ id, privileges, ownRowsPrivileges = [] }) =>
      [id, { id, privileges: new Set(privileges.map(idOf)), held: new Set(ownRowsPrivileges.map(idOf)) }] as const,
  );
  const { steps, conflicts } = planProvisioning(
    { ...complete(), ...managed, security: security({ privileges, roles: new Map(imported) }) },
    wanted,
    '5d1f3a52-8c1b-4f0e-9a57-3f2b6c7d8e90',
  );
  expect(conflicts).toEqual([]);
  expect(steps.flatMap(({ calls }) => calls.map(({ kind }) => kind))).toEqual([
    'grant',
    'grant',
    'publish',
    'create-user',
    'assign-role',
    'add-member',
    'prove-member',
  ]);
});

test('a role gets the privileges that it lacks, among those that exist here', () => {
  const [lost, ...kept] = connectorRole.privileges;
  const held = new Set([...kept, 'prvAppendToAccount', 'prvDeleteAccount'].map(idOf));
  const current = {
    ...complete(),
    security: security({
      roles: new Map([
        [connectorRole.id, { id: 'made-by-hand', privileges: held, held }],
        [readerRole.id, { id: readerRole.id, privileges: new Set(readerRole.privileges.map(idOf)), held: new Set() }],
      ]),
    }),
  };
  const { steps } = planProvisioning(current, wanted);
  const { calls } = steps.find(({ component }) => component === `role ${connectorRole.name}`) ?? { calls: [] };
  expect(calls).toEqual([
    {
      kind: 'grant',
      roleId: 'made-by-hand',
      businessUnitId: 'root',
      required: [lost],
      optional: ['prvAppendToQueue'],
    },
  ]);
});

test.each([
  ['absent', undefined, ['create-user', 'assign-role', 'add-member', 'prove-member'], []],
  ['without the role', { roles: [{ id: 'other', name: 'Basic User' }] }, ['assign-role'], []],
  ['with the role of its business unit', { roles: [{ id: 'copy', name: connectorRole.name }] }, [], []],
  ['disabled', { disabled: true }, [], ['application user c is disabled: an administrator must activate it first']],
])('an application user that is %s', (_, found, expected, conflicts) => {
  const user = { id: 'u', disabled: false, businessUnitId: 'b', roles: [{ id: connectorRole.id, name: 'Renamed' }] };
  const current = {
    ...complete(),
    security: security({ applicationUser: found && { ...user, ...found } }),
    solution: { id: 's', version: '1.0.0.0', managed: true },
  };
  const plan = planProvisioning(current, wanted, 'c');
  expect(plan.steps.flatMap(({ calls }) => calls.map(({ kind }) => kind))).toEqual(expected);
  expect(plan.conflicts).toEqual(conflicts);
});

test('columns are secured after the user has the profile, and permissions follow the publication', () => {
  const user = { id: 'u', disabled: false, businessUnitId: 'b', roles: [{ id: connectorRole.id, name: 'Renamed' }] };
  const kindsOf = (profile: CurrentSecurity['profile'], secured: boolean) => {
    const column = { id: 'a', type: 'Memo', maxLength: 20_000, secured };
    const current = {
      ...complete({ 'rdvs_link.rdvs_applied': column }),
      security: security({ applicationUser: user, profile }),
    };
    const { steps } = planProvisioning(current, wanted, 'c');
    return steps.flatMap(({ calls }) => calls.map(({ kind }) => kind));
  };
  const [applied, series] = securedColumns.map(nameOf);
  const permissions = new Map([[String(series), WHOLE]]);
  const rest = ['publish', 'allow', 'prove-reading'];
  expect(kindsOf(undefined, false).slice(0, 4)).toEqual(['create-profile', 'add-member', 'prove-member', 'secure']);
  expect(kindsOf({ members: new Set(['u']), permissions }, false)).toEqual(['prove-member', 'secure', ...rest]);
  // Secured by a run that was cut off before it published, or a permission that somebody reduced.
  expect(kindsOf({ members: new Set(['u']), permissions }, true)).toEqual(['prove-member', ...rest]);
  permissions.set(String(applied), WHOLE);
  expect(kindsOf({ members: new Set(['u']), permissions }, true)).toEqual([]);
  expect(kindsOf({ members: new Set(), permissions }, true)).toEqual(['add-member', 'prove-member']);
});
