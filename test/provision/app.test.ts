// Our application from an empty environment on: made once, following its definition, leaving alone what people changed.
import { expect, onTestFinished, test } from 'vitest';
import type { Rows } from '../../local/dataverse/src/direct-rows.ts';
import { startDataverse } from '../../local/dataverse/src/emulator.ts';
import { run } from '../../src/cli/main.ts';
import { views } from '../../src/provision/app/application.ts';
import { idOf } from '../../src/provision/app/ids.ts';
import { APP_ID, parts } from '../../src/provision/app/parts.ts';
import { readerRole } from '../../src/provision/roles.ts';

async function environment() {
  const dataverse = await startDataverse({ token: 'local' });
  onTestFinished(() => dataverse.stop());
  const environment = { DATAVERSE_URL: dataverse.url, DATAVERSE_LOCAL_TOKEN: 'local' };
  const connector = async (...args: readonly string[]) => {
    const lines: string[] = [];
    const said = (line: string) => lines.push(line);
    const code = await run(args, { environment, print: said, complain: said });
    return { code, text: lines.join('\n') };
  };
  const get = async (path: string): Promise<unknown> => {
    const headers = { Authorization: 'Bearer local' };
    return (await fetch(`${dataverse.url}/api/data/v9.2/${path}`, { headers })).json();
  };
  const writes = () => dataverse.requests.filter(({ method }) => method !== 'GET').length;
  return { connector, get, writes, rows: dataverse.rows, faults: dataverse.faults };
}

const FORM = idOf('form contact');
/** Icons are no components of an app. */
const COMPONENTS = parts.filter(({ kind }) => kind !== 'icon' && kind !== 'app').length;

const component = (rows: Rows, id: string) =>
  String(rows.list('appmodulecomponent').find(({ objectid }) => objectid === id)?.['appmodulecomponentid']);

/** As somebody does in the designer: another label. */
const relabelled = (xml: unknown) => String(xml).replaceAll('Identité', 'Fiche');

test('one run makes and publishes the application; a second one changes nothing', async () => {
  const { connector, get, writes, rows } = await environment();
  const first = await connector('provision');
  expect(first).toMatchObject({ code: 0 });
  for (const { component } of parts) expect(first.text).toContain(`created    ${component}`);
  expect(await get('appmodules?$select=uniquename,clienttype')).toMatchObject({
    value: [{ uniquename: 'rdvs_app', clienttype: 4 }],
  });
  expect(await get(`savedqueries?$select=name`)).toMatchObject({ value: { length: views.length } });
  expect(await get(`ValidateApp(AppModuleId=${APP_ID})`)).toMatchObject({
    AppValidationResponse: { ValidationSuccess: true },
  });
  expect(await get(`RetrieveAppComponents(AppModuleId=${APP_ID})`)).toMatchObject({
    AppComponents: { length: COMPONENTS },
  });
  expect(rows.list('appmoduleroles').map(({ roleid }) => roleid)).toEqual([readerRole.id]);
  const inSolution = rows.list('solutioncomponent').map(({ objectid }) => objectid);
  for (const { id, kind } of parts) if (kind !== 'sitemap') expect(inSolution).toContain(id);

  const before = writes();
  expect((await connector('provision')).text).toContain('0 created, 0 updated');
  expect(writes()).toBe(before);
});

test('a form that people changed is left and named, by provision and check, until it is restored', async () => {
  const { connector, get, rows, writes } = await environment();
  await connector('provision');
  const changed = relabelled(rows.get('systemform', FORM)?.['formxml']);
  rows.update('systemform', FORM, { formxml: changed });

  const before = writes();
  const second = await connector('provision');
  expect(second).toMatchObject({ code: 0 });
  expect(second.text).toContain('kept: form RDV-Solidarités (contact) was changed here');
  expect(writes()).toBe(before);
  expect(rows.get('systemform', FORM)).toMatchObject({ formxml: changed });
  expect((await connector('check')).text).toMatch(/warning +application: form RDV-Solidarités \(contact\) was changed/);

  expect((await connector('provision', '--restore', 'form RDV-Solidarités (contact)')).code).toBe(0);
  expect(await get(`systemforms(${FORM})?$select=formxml`)).toMatchObject({
    formxml: expect.stringContaining('Identité'),
  });
  expect((await connector('check')).text).toMatch(/ok +application:/);
  expect((await connector('provision')).text).toContain('0 created, 0 updated');
});

test('check names a view that somebody deleted, and provision makes it again', async () => {
  const { connector, get, rows } = await environment();
  await connector('provision');
  const view = parts.find(({ component }) => component === 'view Mes RDV')?.id ?? '';
  rows.remove('appmodulecomponent', component(rows, view));
  rows.remove('savedquery', view);
  expect((await connector('check')).text).toMatch(/warning +application: view Mes RDV is missing/);
  expect((await connector('provision')).text).toContain('created    view Mes RDV');
  expect(await get(`savedqueries(${view})?$select=name`)).toMatchObject({ name: 'Mes RDV' });
});

test('a name that no part has is refused before anything is sent', async () => {
  const { connector, writes } = await environment();
  expect(await connector('provision', '--restore', 'Formulaire')).toMatchObject({
    code: 1,
    text: expect.stringContaining('no part of the application is called "Formulaire"'),
  });
  expect(writes()).toBe(0);
});

test('a refused part is named with its code and gives 3; the rest is there, and the connector works', async () => {
  const { connector, get, rows } = await environment();
  const icon = '953b9fac-1e5e-e611-80d6-00155ded156f';
  for (const uniquename of ['rdvs_app', 'app'])
    rows.insert('appmodule', { name: 'Autre', uniquename, webresourceid: icon, clienttype: 4 });
  const { code, text } = await connector('provision');
  expect(code).toBe(3);
  expect(text).toMatch(/refused: app RDV-Solidarités: HTTP 400 0x80050135/);
  expect(text).toContain('The connector works.');
  expect(await get(`savedqueries?$select=name`)).toMatchObject({ value: { length: views.length } });
  expect(await get('solutions?$filter=uniquename%20eq%20%27RdvSolidarites%27')).toMatchObject({
    value: [{ version: '1.0.0.0' }],
  });

  for (const { appmoduleid } of rows.list('appmodule')) rows.remove('appmodule', String(appmoduleid));
  const second = await connector('provision');
  expect(second.code).toBe(0);
  expect(second.text).toContain('created    app RDV-Solidarités');
  expect(await get(`RetrieveAppComponents(AppModuleId=${APP_ID})`)).toMatchObject({
    AppComponents: { length: COMPONENTS },
  });
});

test.each([
  ['the site map', 'sitemaps'],
  ['the components', 'AddAppComponents'],
  ['the role', 'appmoduleroles_association'],
  ['a dashboard', 'systemforms'],
])('a run that was interrupted at %s is completed by the next one, which sees unpublished parts', async (_, path) => {
  const { connector, get, faults } = await environment();
  faults.add({ kind: 'reset-after-commit', match: { method: 'POST', path } });
  expect((await connector('provision')).code).toBe(1);
  expect((await connector('provision')).code).toBe(0);
  expect(await get(`RetrieveAppComponents(AppModuleId=${APP_ID})`)).toMatchObject({
    AppComponents: { length: COMPONENTS },
  });
  expect((await connector('provision')).text).toContain('0 created, 0 updated');
});

test('a publication that was missed is made by the next run', async () => {
  const { connector, get, faults } = await environment();
  await connector('provision');
  faults.add({ kind: '503', match: { path: 'PublishXml' } });
  await connector('provision', '--restore', 'RDV à venir');
  expect((await connector('provision')).code).toBe(0);
  expect(await get('sitemaps?$select=sitemapname')).toMatchObject({ value: [{ sitemapname: 'RDV-Solidarités' }] });
});
