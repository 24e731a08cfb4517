// `provision --remove`: what we made goes, people's data only when that is asked for, and what others made never.
import { expect, onTestFinished, test } from 'vitest';
import type { Rows } from '../../local/dataverse/src/direct-rows.ts';
import { startDataverse } from '../../local/dataverse/src/emulator.ts';
import { run } from '../../src/cli/main.ts';
import { idOf } from '../../src/provision/app/ids.ts';
import { parts } from '../../src/provision/app/parts.ts';
import { roles } from '../../src/provision/roles.ts';

const CLIENT = '9d4b1f6e-2c3a-4e5d-8f70-1a2b3c4d5e6f';
const CONTACT = '7e000000-0000-4000-8000-0000000000c1';
const LINK = '7e000000-0000-4000-8000-0000000000c2';

async function installed() {
  const dataverse = await startDataverse({ token: 'local' });
  onTestFinished(() => dataverse.stop());
  const environment = { DATAVERSE_URL: dataverse.url, DATAVERSE_LOCAL_TOKEN: 'local' };
  const provision = async (flags: readonly string[], answer?: string) => {
    const lines: string[] = [];
    const said = (line: string) => lines.push(line);
    const ask = answer === undefined ? undefined : async () => answer;
    const code = await run(['provision', ...flags], { environment, print: said, complain: said, ask });
    return { code, text: lines.join('\n') };
  };
  const call = async (method: string, path: string, body?: object) => {
    const headers = { Authorization: 'Bearer local', 'Content-Type': 'application/json' };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    return fetch(`${dataverse.url}/api/data/v9.2/${path}`, init);
  };
  const exists = async (path: string) => (await call('GET', path)).status === 200;
  const before = snapshot(dataverse.rows);
  expect((await provision(['--application-user', CLIENT, '--duplicate-rules'])).code).toBe(0);
  const { rows } = dataverse;
  rows.insert('contact', { contactid: CONTACT, lastname: 'Usager-Test', rdvs_birthname: 'Avant' });
  rows.insert('rdvs_link', {
    rdvs_linkid: LINK,
    rdvs_name: 'usager-12',
    _rdvs_contact_value: CONTACT,
  });
  return { provision, call, exists, rows, before, host: new URL(dataverse.url).host };
}

const KINDS = ['appmodule', 'sitemap', 'systemform', 'savedquery', 'savedqueryvisualization', 'webresource'] as const;
const RIGHTS = ['role', 'fieldsecurityprofile', 'fieldpermission', 'duplicaterule'] as const;

/** What stands in the environment of each kind, by count. */
const snapshot = (rows: Rows) =>
  Object.fromEntries([...KINDS, ...RIGHTS].map((table) => [table, rows.list(table).length]));

test('the application and rights go, data stays, and provision makes it all again', async () => {
  const { provision, exists, rows } = await installed();
  const { code, text } = await provision(['--remove', '--yes']);
  expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('Our tables and columns stay') });
  for (const { component } of parts) expect(text).toContain(`removed    ${component}`);
  for (const { name } of roles) expect(text).toContain(`removed    role ${name}`);
  for (const table of ['appmodule', 'sitemap', 'savedquery', 'savedqueryvisualization', 'webresource', ...RIGHTS])
    expect(
      rows.list(table).filter(({ name, roleid }) => isOurs(name, roleid)),
      table,
    ).toEqual([]);
  expect(await exists('savedqueries?$select=name')).toBe(true);
  expect(rows.get('contact', CONTACT)).toMatchObject({ rdvs_birthname: 'Avant' });
  expect(rows.get('rdvs_link', LINK)).toMatchObject({ rdvs_name: 'usager-12' });

  expect((await provision(['--remove', '--yes'])).text).toContain('nothing of ours to remove');
  expect((await provision(['--application-user', CLIENT])).code).toBe(0);
  expect((await provision([])).text).toContain('0 created, 0 updated');
});

const isOurs = (name: unknown, roleid: unknown) =>
  /RDV-Solidarités|rdvs_/.test(String(name)) || roles.some(({ id }) => id === roleid);

test('with data, tables, columns, solution and publisher go too; contacts stay; and it can be provisioned anew', async () => {
  const { provision, exists, rows, before } = await installed();
  const { code, text } = await provision(['--remove', '--with-data', '--yes']);
  expect({ code, text }).toMatchObject({ code: 0 });
  for (const component of ['column contact.rdvs_birthname', 'column appointment.rdvs_motifid', 'table rdvs_link'])
    expect(text).toContain(`removed    ${component}`);
  expect(snapshot(rows)).toEqual(before);
  expect(rows.get('contact', CONTACT)).toMatchObject({ lastname: 'Usager-Test' });
  expect(await exists("EntityDefinitions(LogicalName='rdvs_link')")).toBe(false);
  expect(await exists("EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='rdvs_birthname')")).toBe(false);
  expect(rows.list('solution').map(({ uniquename }) => uniquename)).not.toContain('RdvSolidarites');
  expect(rows.list('publisher').map(({ uniquename }) => uniquename)).not.toContain('RdvSolidarites');

  expect((await provision(['--remove', '--with-data', '--yes'])).text).toContain('nothing of ours to remove');
  expect((await provision([])).code).toBe(0);
  expect((await provision([])).text).toContain('0 created, 0 updated');
});

test('what others still use is named with its code and stays; the rest goes, and the next run takes it', async () => {
  const { provision, call, exists, rows } = await installed();
  const view = '7e000000-0000-4000-8000-0000000000a1';
  const made = await call('POST', 'savedqueries', {
    savedqueryid: view,
    name: 'Vue du service',
    returnedtypecode: 'contact',
    querytype: 0,
    fetchxml: '<fetch><entity name="contact"><attribute name="rdvs_birthname"/></entity></fetch>',
    layoutxml:
      '<grid name="resultset" object="2" select="1" preview="1" icon="1"><row name="result" id="contactid"><cell name="rdvs_birthname"/></row></grid>',
  });
  expect(made.status).toBe(204);
  const first = await provision(['--remove', '--with-data', '--yes']);
  expect(first.code).toBe(1);
  expect(first.text).toMatch(/refused: column contact\.rdvs_birthname: HTTP 400 0x8004f01f .*savedquery/);
  expect(first.text).toContain('column contact.rdvs_birthname: still there');
  expect(rows.get('savedquery', view)).toMatchObject({ name: 'Vue du service' });
  expect(await exists("EntityDefinitions(LogicalName='rdvs_link')")).toBe(false);

  expect((await call('DELETE', `savedqueries(${view})`)).status).toBe(204);
  expect((await provision(['--remove', '--with-data', '--yes'])).code).toBe(0);
});

test('nothing is removed unasked: it shows what would go, and what people changed', async () => {
  const { provision, rows, host } = await installed();
  const form = idOf('form contact');
  rows.update('systemform', form, {
    formxml: String(rows.get('systemform', form)?.['formxml']).replaceAll('Identité', 'Fiche'),
  });
  const count = snapshot(rows);
  for (const [flags, answer, said] of [
    [['--remove'], undefined, 'repeat with --yes'],
    [['--remove'], 'yes', 'Nothing was changed'],
    [['--remove', '--with-data'], '', 'Nothing was changed'],
    [['--with-data'], undefined, '--with-data goes with --remove'],
    [['--remove', '--restore', 'RDV à venir'], undefined, "cannot be used with option '--restore"],
  ] as const) {
    expect(await provision(flags, answer)).toMatchObject({ code: 1, text: expect.stringContaining(said) });
    expect(snapshot(rows)).toEqual(count);
  }
  const dry = await provision(['--remove', '--with-data', '--dry-run']);
  expect(dry.code).toBe(0);
  expect(dry.text).toContain('would go   form RDV-Solidarités (contact) (changed here)');
  expect(dry.text).toContain('would go   table rdvs_link, and what it holds');
  expect(snapshot(rows)).toEqual(count);
  expect((await provision(['--remove'], host)).code).toBe(0);
});
