// `check` names each fault and how to fix it, and changes nothing.
import { randomUUID } from 'node:crypto';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { startDataverse } from '../../local/dataverse/src/emulator.ts';
import { rawClient } from '../../local/dataverse/test/raw-client.ts';
import { run } from '../../src/cli/main.ts';
import { connectorRole, readerRole, roles } from '../../src/provision/roles.ts';
import { memoryProfile } from '../../src/schema/memory-profile.ts';
import { BODIES_CONTAINER, NOTIFICATIONS_QUEUE, POISON_QUEUE, QUARANTINE_CONTAINER } from '../../src/storage/names.ts';
import { insertOwnerTeam } from '../dataverse/owner-team.ts';
import { withoutApplication } from '../provision/without-application.ts';

const CLIENT = '5d1f3a52-8c1b-4f0e-9a57-3f2b6c7d8e90';

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
  const queues = QueueServiceClient.fromConnectionString(azurite.connectionString);
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString);
  for (const name of [NOTIFICATIONS_QUEUE, POISON_QUEUE]) await queues.getQueueClient(name).createIfNotExists();
  for (const name of [BODIES_CONTAINER, QUARANTINE_CONTAINER]) {
    await blobs.getContainerClient(name).createIfNotExists();
  }
});
afterAll(() => azurite.stop());

const report = z.object({
  ok: z.boolean(),
  findings: z.array(
    z.object({
      subject: z.string(),
      status: z.enum(['ok', 'warning', 'problem', 'skipped']),
      message: z.string(),
      remedy: z.string().optional(),
    }),
  ),
});

type Variables = Record<string, string | undefined>;

async function command(variables: Variables, ...args: string[]) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await run(args, {
    environment: variables,
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
  });
  return { code, text: printed.join('\n'), complaints };
}

/** A provisioned environment and the settings of an app that uses it. */
async function healthy() {
  const dataverse = await startDataverse({ applications: { connector: CLIENT, stranger: randomUUID() } });
  onTestFinished(() => dataverse.stop());
  const variables: Variables = {
    DATAVERSE_URL: dataverse.url,
    AZURE_CLIENT_ID: CLIENT,
    RDV_WEBHOOK_SECRET: 'secret-of-the-checks',
    NOTIFICATIONS_STORAGE: azurite.connectionString,
  };
  const { code } = await command(variables, 'provision', '--application-user', CLIENT);
  expect(code).toBe(0);
  dataverse.clearRequests();
  const { rows, requests } = dataverse;
  const [organization] = rows.list('organization');
  rows.update('organization', String(organization?.['organizationid']), { isduplicatedetectionenabled: true });
  rows.insert('duplicaterule', { name: 'Essai', baseentityname: 'contact', statuscode: 2 });
  return { variables, rows, requests, api: rawClient(dataverse.url) };
}

type Healthy = Awaited<ReturnType<typeof healthy>>;

async function check(variables: Variables) {
  const { code, text } = await command(variables, 'check', '--json');
  const { ok, findings } = report.parse(JSON.parse(text));
  expect(code).toBe(ok ? 0 : 1);
  const problems = findings.filter(({ status }) => status === 'problem');
  return { findings, problems };
}

test('all is well after provision, nothing is written, and a second provision has nothing to do', async () => {
  const { variables, requests } = await healthy();
  const { code, text, complaints } = await command(variables, 'check');
  expect({ code, complaints }).toEqual({ code: 0, complaints: [] });
  expect(text.split('\n').filter((line) => !line.startsWith('ok '))).toEqual([]);
  for (const subject of ['table rdvs_link', 'lookups', 'application user', 'owner teams', 'optimistic', 'queues']) {
    expect(text).toContain(subject);
  }
  expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  expect((await command(variables, 'provision', '--application-user', CLIENT)).text).toMatch(/ 0 created, 0 updated, /);
});

const IN_SOLUTION = { 'MSCRM.SolutionUniqueName': 'RdvSolidarites' };
const french = (text: string) => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1036 }] });
const definition = (type: string, name: string) => ({
  '@odata.type': `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
  SchemaName: name,
  DisplayName: french(name),
  MaxLength: 100,
});
const column = (table: string, name: string) =>
  `EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='${name}')`;

/** Each fault changes the environment or the settings, in one place. */
const faults: Record<string, { inject: (given: Healthy) => unknown; says: RegExp; remedy: RegExp }> = {
  'a missing table': {
    inject: ({ api, rows }) => {
      withoutApplication(rows);
      return api.remove("EntityDefinitions(LogicalName='rdvs_link')");
    },
    says: /^table rdvs_link: missing$/,
    remedy: /provision/,
  },
  'columns that everybody reads': {
    inject: async ({ api }) => {
      for (const name of ['rdvs_applied', 'rdvs_series']) {
        const { json } = await api.get(column('rdvs_link', name));
        await api.send('PUT', column('rdvs_link', name), { ...json, IsSecured: false });
      }
    },
    says: /^column security: rdvs_link.rdvs_applied, rdvs_link.rdvs_series can be read by everybody who reads links$/,
    remedy: /provision/,
  },
  'a connector without the profile': {
    inject: ({ rows }) => {
      for (const { systemuserprofileid } of rows.list('systemuserprofiles')) {
        rows.remove('systemuserprofiles', String(systemuserprofileid));
      }
    },
    says: /^column security: the application user has not got the profile Mémoire .*: nothing can be applied$/,
    remedy: /application-user/,
  },
  'a missing profile': {
    inject: ({ api }) => api.remove(`fieldsecurityprofiles(${memoryProfile.id})`),
    says: /^column security: the profile Mémoire du connecteur RDV-Solidarités is missing$/,
    remedy: /application-user/,
  },
  'a profile that allows less': {
    inject: ({ rows }) => {
      const [one] = rows.list('fieldpermission');
      rows.update('fieldpermission', String(one?.['fieldpermissionid']), { canupdate: 0 });
    },
    says: /^column security: the profile Mémoire .* does not allow all on rdvs_link.rdvs_applied$/,
    remedy: /application-user/,
  },
  'a role for everybody that writes links': {
    inject: ({ rows }) => {
      const { privilegeid } = rows.list('privilege').find(({ name }) => name === 'prvWriterdvs_link') ?? {};
      rows.insert('roleprivileges', { roleid: readerRole.id, privilegeid: String(privilegeid) });
    },
    says: /^role Lecture RDV-Solidarités: holds prvWriterdvs_link: with a forged link/,
    remedy: /Fusion RDV-Solidarités/,
  },
  'a missing column': {
    inject: ({ api, rows }) => {
      withoutApplication(rows);
      return api.remove(column('contact', 'rdvs_birthname'));
    },
    says: /^table contact: contact.rdvs_birthname is missing$/,
    remedy: /provision/,
  },
  'a column of another type': {
    inject: async ({ api, rows }) => {
      withoutApplication(rows);
      await api.remove(column('appointment', 'rdvs_motif'));
      const memo = definition('Memo', 'rdvs_motif');
      await api.post("EntityDefinitions(LogicalName='appointment')/Attributes", memo, IN_SOLUTION);
    },
    says: /^table appointment: appointment.rdvs_motif is a column of type Memo; expected String$/,
    remedy: /rename or delete/,
  },
  'a shorter column of ours': {
    inject: ({ api }) => api.send('PUT', column('appointment', 'rdvs_motif'), definition('String', 'rdvs_motif')),
    says: /^table appointment: appointment.rdvs_motif is shorter than 250 characters$/,
    remedy: /provision/,
  },
  'a shorter standard column': {
    inject: ({ api }) => api.send('PUT', column('contact', 'address1_line1'), definition('String', 'Address1_Line1')),
    says: /^standard columns of contact: contact.address1_line1 holds 100 characters; expected 250$/,
    remedy: /standard length/,
  },
  'another cascade': {
    inject: async ({ api, rows }) => {
      withoutApplication(rows);
      await api.remove("RelationshipDefinitions(SchemaName='rdvs_contact_link')");
      await api.post(
        'RelationshipDefinitions',
        {
          '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
          SchemaName: 'rdvs_contact_link',
          ReferencedEntity: 'contact',
          ReferencingEntity: 'rdvs_link',
          ReferencingEntityNavigationPropertyName: 'rdvs_contact',
          CascadeConfiguration: { Merge: 'Cascade', Delete: 'Cascade' },
          Lookup: { SchemaName: 'rdvs_contact', DisplayName: french('Contact') },
        },
        IN_SOLUTION,
      );
    },
    says: /^lookups: rdvs_contact_link has another cascade: delete Cascade, expected RemoveLink$/,
    remedy: /provision/,
  },
  'a role without one privilege': {
    inject: ({ rows }) => takeAway(rows, 'prvAppendToContact'),
    says: /^role Connecteur RDV-Solidarités: lacks prvAppendToContact .*points a link to its contact/,
    remedy: /provision/,
  },
  'a user without the role': {
    inject: ({ rows }) => {
      for (const { systemuserroleid, roleid } of rows.list('systemuserroles')) {
        if (roleid === connectorRole.id) rows.remove('systemuserroles', String(systemuserroleid));
      }
    },
    says: /^application user: has not the role Connecteur RDV-Solidarités$/,
    remedy: new RegExp(`provision.*--application-user ${CLIENT}`),
  },
  'a disabled application user': {
    inject: ({ rows }) => {
      const user = rows.list('systemuser').find(({ applicationid }) => applicationid === CLIENT);
      rows.update('systemuser', String(user?.['systemuserid']), { isdisabled: true });
    },
    says: /^application user: .* is disabled/,
    remedy: /Application users/,
  },
  'a wrong address': {
    inject: ({ variables }) => Object.assign(variables, { DATAVERSE_URL: azurite.queueUrl }),
    says: /^WhoAmI: DATAVERSE_URL: http:.* does not answer as Dataverse does \(/,
    remedy: /environment URL/,
  },
  'an address where nothing listens': {
    inject: ({ variables }) => Object.assign(variables, { DATAVERSE_URL: 'http://127.0.0.1:9' }),
    says: /^WhoAmI: .* does not answer as Dataverse does \(ECONNREFUSED\)$/,
    remedy: /environment URL/,
  },
  'an address of another form': {
    inject: ({ variables }) => Object.assign(variables, { DATAVERSE_URL: 'http://contoso.crm12.dynamics.com' }),
    says: /^settings: DATAVERSE_URL: expected an https address/,
    remedy: /correct this setting/,
  },
  'a refused token': {
    inject: ({ variables }) => Object.assign(variables, { DATAVERSE_LOCAL_TOKEN: 'wrong' }),
    says: /^WhoAmI: .* refuses the token \(HTTP 401\)$/,
    remedy: /tenant/,
  },
  'an account that is no user': {
    inject: ({ variables }) => Object.assign(variables, { DATAVERSE_LOCAL_TOKEN: 'stranger' }),
    says: /^WhoAmI: .*: the account is no user of this environment \(HTTP 403 0x80072560\)$/,
    remedy: /--application-user/,
  },
  'an account that was disabled': {
    inject: ({ variables, rows }) => {
      const user = rows.list('systemuser').find(({ applicationid }) => applicationid === CLIENT);
      rows.update('systemuser', String(user?.['systemuserid']), { isdisabled: true });
      Object.assign(variables, { DATAVERSE_LOCAL_TOKEN: 'connector' });
    },
    says: /^WhoAmI: .*: the account is a disabled user \(HTTP 403 0x80040225\)$/,
    remedy: /^activate it/,
  },
  'an account that may not read definitions': {
    inject: ({ variables }) => Object.assign(variables, { DATAVERSE_LOCAL_TOKEN: 'connector' }),
    says: /^reading Dataverse: this account may not read it \(HTTP 403/,
    remedy: /System Customizer/,
  },
  'an unresolved secret': {
    inject: ({ variables }) =>
      Object.assign(variables, {
        RDV_WEBHOOK_SECRET_PREVIOUS: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)',
      }),
    says: /^webhook secrets: RDV_WEBHOOK_SECRET_PREVIOUS: unresolved Key Vault reference$/,
    remedy: /Key Vault Secrets User/,
  },
  'no secret': {
    inject: ({ variables }) => Object.assign(variables, { RDV_WEBHOOK_SECRET: undefined }),
    says: /^webhook secrets: there is none/,
    remedy: /set RDV_WEBHOOK_SECRET/,
  },
  'an unreachable queue': {
    inject: ({ variables }) =>
      Object.assign(variables, {
        NOTIFICATIONS_STORAGE: azurite.connectionString.replace(
          /QueueEndpoint=[^;]*/,
          'QueueEndpoint=http://127.0.0.1:9/a',
        ),
      }),
    says: /^queues: NOTIFICATIONS_STORAGE: no answer \(/,
    remedy: /connection string/,
  },
  'a role for users without the rows that are their own': {
    inject: ({ rows }) => takeAway(rows, 'prvReadrdvs_referent', readerRole.id),
    says: /^role Lecture RDV-Solidarités: lacks prvReadrdvs_referent for the rows of its holders/,
    remedy: /provision/,
  },
  'a team that cannot own': {
    inject: ({ variables, rows }) => {
      const team = rows.insert('team', { name: 'Équipe', teamtype: 0 });
      Object.assign(variables, { DEFAULT_OWNER_TEAM: team });
    },
    says: /^owner teams: team .* lacks prvReadContact and prvReadActivity/,
    remedy: /security role/,
  },
  'a team that owns nothing': {
    inject: ({ variables, rows }) => {
      const team = rows.insert('team', { name: 'Équipe', teamtype: 1 });
      Object.assign(variables, { DEFAULT_OWNER_TEAM: team });
    },
    says: /^owner teams: team .* is an access team/,
    remedy: /owner team/,
  },
  'a team that is not there': {
    inject: ({ variables }) => Object.assign(variables, { OWNER_TEAMS: `{"12":"${CLIENT}"}` }),
    says: /^owner teams: no team/,
    remedy: /OWNER_TEAMS/,
  },
};

function takeAway(rows: Healthy['rows'], privilege: string, role = connectorRole.id): void {
  const id = rows.list('privilege').find(({ name }) => name === privilege)?.['privilegeid'];
  const pairs = rows.list('roleprivileges');
  const held = pairs.filter(({ roleid, privilegeid }) => roleid === role && privilegeid === id);
  for (const { roleprivilegeid } of held) rows.remove('roleprivileges', String(roleprivilegeid));
}

describe('names one fault, and how to fix it', () => {
  test.each(Object.entries(faults))('%s', async (_, { inject, says, remedy }) => {
    const given = await healthy();
    await inject(given);
    const { problems, findings } = await check(given.variables);
    expect(problems.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([expect.stringMatching(says)]);
    expect(problems[0]?.remedy).toMatch(remedy);
    // No value of a setting, no secret.
    expect(JSON.stringify(findings)).not.toMatch(/AccountKey|SecretUri/);
  });
});

describe('says what may surprise', () => {
  test('agents who may not read appointments, by their own roles or those of a team', async () => {
    const { variables, rows } = await healthy();
    const withoutRoles = (values: { firstname: string; lastname: string; isdisabled?: boolean }) => {
      const id = rows.insert('systemuser', values);
      for (const { systemuserid, systemuserroleid } of rows.list('systemuserroles'))
        if (systemuserid === id) rows.remove('systemuserroles', String(systemuserroleid));
      return id;
    };
    const firstname = 'Prénom-Test';
    const named = withoutRoles({ firstname, lastname: "D'Agent-Test" });
    const owner = withoutRoles({ firstname, lastname: 'Propriétaire-Test' });
    const member = withoutRoles({ firstname, lastname: 'Membre-Test' });
    const able = rows.insert('systemuser', { firstname, lastname: 'Autre-Test' });
    withoutRoles({ firstname, lastname: 'Ancien-Test', isdisabled: true });
    const stranger = withoutRoles({ firstname, lastname: 'Inconnu-Test' });
    rows.insert('teammembership', { teamid: insertOwnerTeam(rows), systemuserid: member });
    const agents = ["D'Agent-Test", 'Membre-Test', 'Autre-Test', 'Ancien-Test'].map((name) => `${firstname} ${name}`);
    rows.insert('appointment', { rdvs_agent: agents.join(', '), _ownerid_value: owner });
    const { findings, problems } = await check(variables);
    expect(problems).toEqual([]);
    const [found, others] = findings.filter(({ subject }) => subject === 'agents');
    expect(found).toMatchObject({ status: 'warning', message: expect.stringMatching(/^2 users .* prvReadActivity/) });
    for (const id of [named, owner]) expect(found?.message).toContain(id);
    for (const id of [member, able, stranger]) expect(found?.message).not.toContain(id);
    expect(others).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(
        /^2 users .* lack prvReadrdvs_participation, prvReadrdvs_referent, prvReadrdvs_motif$/,
      ),
      remedy: expect.stringContaining(readerRole.name),
    });
    for (const id of [member, able]) expect(others?.message).toContain(id);
    expect(JSON.stringify(findings)).not.toContain('Agent-Test');
  });

  test('an owner team whose members may not read who came, until it has “Lecture”', async () => {
    const { variables, rows } = await healthy();
    const team = insertOwnerTeam(rows);
    const found = async () => {
      const { findings } = await check({ ...variables, DEFAULT_OWNER_TEAM: team });
      return findings
        .filter(({ subject }) => subject === 'owner teams')
        .map(({ status, message }) => ({ status, message }));
    };
    expect(await found()).toEqual([
      expect.objectContaining({ status: 'ok' }),
      { status: 'warning', message: expect.stringMatching(/^members of team .* lack prvReadrdvs_participation/) },
    ]);
    rows.insert('teamroles', { teamid: team, roleid: readerRole.id });
    expect(await found()).toMatchObject([{ status: 'ok' }]);
  });

  test('invitations by Exchange when agents are organizers', async () => {
    const { variables, rows } = await healthy();
    rows.insert('mailbox', { name: 'Agent', actdeliverymethod: 1, actstatus: 1 });
    const { findings, problems } = await check({ ...variables, AGENT_AS_ORGANIZER: 'true' });
    expect(problems).toEqual([]);
    expect(findings.filter(({ status }) => status === 'warning')).toMatchObject([
      { subject: 'Exchange', message: expect.stringContaining('1 mailboxes') },
    ]);
  });

  test('rules that find duplicates, and that there are none', async () => {
    const { variables, rows } = await healthy();
    const seen = async () =>
      (await check(variables)).findings.filter(({ subject }) => subject === 'duplicate detection');
    expect(await seen()).toMatchObject([
      { status: 'ok', message: '1 published rules on contacts: they warn users, and never stop the connector' },
    ]);
    const [organization] = rows.list('organization');
    rows.update('organization', String(organization?.['organizationid']), { isduplicatedetectionenabled: false });
    expect(await seen()).toMatchObject([{ status: 'warning', message: 'turned off in this environment' }]);
    for (const rule of rows.list('duplicaterule')) {
      rows.update('duplicaterule', String(rule['duplicateruleid']), { statuscode: 0 });
    }
    expect(await seen()).toMatchObject([{ status: 'warning', message: 'no published rule for contacts' }]);
  });

  test('an application user with all rights', async () => {
    const { variables, rows } = await healthy();
    const user = rows.list('systemuser').find(({ applicationid }) => applicationid === CLIENT);
    const role = rows.list('role').find(({ name }) => name === 'System Administrator');
    rows.insert('systemuserroles', { systemuserid: String(user?.['systemuserid']), roleid: String(role?.['roleid']) });
    const { findings, problems } = await check(variables);
    expect(problems).toEqual([]);
    expect(findings.some(({ status, message }) => status === 'warning' && message.includes('more than it needs'))).toBe(
      true,
    );
  });
});

test('an environment that was never provisioned is told so in a few lines', async () => {
  const dataverse = await startDataverse();
  onTestFinished(() => dataverse.stop());
  const { problems } = await check({ DATAVERSE_URL: dataverse.url });
  expect(problems.map(({ subject }) => subject)).toEqual(['solution', ...roles.map(({ name }) => `role ${name}`)]);
});

test('on the machine of an administrator, what is not set there is skipped', async () => {
  const { variables } = await healthy();
  const { code, text } = await command({ DATAVERSE_URL: variables['DATAVERSE_URL'] }, 'check');
  expect(code).toBe(0);
  const skipped = text.split('\n').filter((line) => line.startsWith('skipped'));
  expect(skipped.map((line) => line.split(/ {2,}/)[1]?.split(':')[0])).toEqual([
    'application user',
    'webhook secrets',
    'queues',
    'blobs',
  ]);
});
