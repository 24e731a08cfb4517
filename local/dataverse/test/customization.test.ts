// Forms, charts, site maps and apps: what is refused, what is seen before and after publication, what may be deleted.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type RawClient, rawClient } from './raw-client.ts';

let dataverse: DataverseEmulator;
let client: RawClient;
beforeAll(async () => {
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
  await client.post('savedqueries', view(VIEW));
  await client.post('savedqueries', { ...view(OTHER_VIEW), ...appointments });
  await client.post('savedqueryvisualizations', chart({ savedqueryvisualizationid: CHART }));
  await client.post('systemforms', dashboard({ formid: DASHBOARD }));
  await client.post('webresourceset', icon({ webresourceid: ICON }));
});
afterAll(() => dataverse.stop());

const guid = (end: number) => `7e000000-0000-4000-8000-${String(end).padStart(12, '0')}`;
const [VIEW, OTHER_VIEW, CHART, DASHBOARD, ICON, APP] = [1, 2, 3, 4, 5, 6].map(guid);
const grid = (name: string, key: string, object: number) =>
  `<grid name="resultset" object="${object}" select="1" preview="1" icon="1"><row name="result" id="${key}"><cell name="${name}"/></row></grid>`;
const view = (savedqueryid: string | undefined) => ({
  savedqueryid,
  name: 'Usagers',
  returnedtypecode: 'contact',
  querytype: 0,
  fetchxml: '<fetch><entity name="contact"><attribute name="fullname"/></entity></fetch>',
  layoutxml: grid('fullname', 'contactid', 2),
});
const appointments = {
  returnedtypecode: 'appointment',
  fetchxml: '<fetch><entity name="appointment"><attribute name="subject"/></entity></fetch>',
  layoutxml: grid('subject', 'activityid', 4201),
};

const labels = (code = 1036) => `<labels><label description="Essai" languagecode="${code}"/></labels>`;
const TEXT = '{4273EDBD-AC1D-40D3-9FB2-095C621B552D}';
const GRID = '{E7A81278-8635-4D9E-8D4D-59480B391C5B}';
const field = (id: string, column = id, classid = TEXT) =>
  `<cell id="{${guid(50)}}">${labels()}<control id="${id}" classid="${classid}" datafieldname="${column}"/></cell>`;
const inForm = (cells: string, after = '') =>
  `<form><tabs><tab name="t" id="{${guid(40)}}">${labels()}<columns><column width="100%"><sections><section name="s" id="{${guid(41)}}">${labels()}<rows><row>${cells}</row>${after}</rows></section></sections></column></columns></tab></tabs></form>`;
const form = (formxml: string) => ({ name: 'Fiche', objecttypecode: 'contact', type: 2, formxml });
const parameters = (changes: Record<string, string> = {}) =>
  Object.entries({
    ViewId: `{${VIEW}}`,
    ViewIds: `{${VIEW}}`,
    IsUserView: 'false',
    RelationshipName: '',
    TargetEntityType: 'contact',
    AutoExpand: 'Fixed',
    EnableQuickFind: 'false',
    EnableViewPicker: 'false',
    EnableJumpBar: 'false',
    ChartGridMode: 'Grid',
    VisualizationId: '',
    IsUserChart: 'false',
    EnableChartPicker: 'false',
    RecordsPerPage: '5',
    ...changes,
  })
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
const list = (changes: Record<string, string> = {}, id = 'list', cell = 60) =>
  `<cell id="{${guid(cell)}}">${labels()}<control id="${id}" classid="${GRID}"><parameters>${parameters(changes)}</parameters></control></cell>`;
const dashboard = (changes: object = {}) => ({ name: 'Accueil', type: 0, formxml: inForm(list()), ...changes });

const DATA =
  '<datadefinition><fetchcollection><fetch mapping="logical" aggregate="true"><entity name="contact"><attribute groupby="true" alias="g" name="statuscode"/><attribute alias="n" name="contactid" aggregate="count"/></entity></fetch></fetchcollection><categorycollection><category><measurecollection><measure alias="n"/></measurecollection></category></categorycollection></datadefinition>';
const SHAPE = '<Chart><Series><Series ChartType="Column"/></Series><ChartAreas><ChartArea/></ChartAreas></Chart>';
const chart = (changes: object = {}) => ({
  name: 'Par statut',
  primaryentitytypecode: 'contact',
  datadescription: DATA,
  presentationdescription: SHAPE,
  ...changes,
});
const subArea = (id: string, rest: string) => `<SubArea Id="${id}" ${rest}/>`;
const siteMap = (entries: string, sitemapnameunique = 'new_app') => ({
  sitemapname: 'Essai',
  sitemapnameunique,
  isappaware: true,
  sitemapxml: `<SiteMap><Area Id="a" ShowGroups="true"><Titles><Title LCID="1036" Title="Essai"/></Titles><Group Id="g">${entries}</Group></Area></SiteMap>`,
});
const icon = (changes: object = {}) => ({
  name: 'new_/icons/essai.svg',
  webresourcetype: 11,
  content: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64'),
  ...changes,
});
const app = (changes: object = {}) => ({
  name: 'Essai',
  uniquename: 'new_app',
  webresourceid: ICON,
  clienttype: 4,
  ...changes,
});

describe('is refused', () => {
  test.each([
    ['XML that is not well-formed', form(inForm(field('fullname')).replace('</form>', '')), '0x80048426'],
    ['an ampersand that is not escaped', form(inForm(field('fullname')).replace('Essai', 'A & B')), '0x80048426'],
    ['an element that the schema does not know', form(inForm('<cellule/>')), '0x80040203'],
    ['an id without braces', form(inForm(field('fullname')).replace(`{${guid(50)}}`, guid(50))), '0x80040203'],
    ['two cells with one id', form(inForm(field('fullname') + field('firstname'))), '0x80040203'],
    ['a column that does not exist', form(inForm(field('rdvs_nothing'))), '0x80160051'],
    ['a column in capitals', form(inForm(field('FullName'))), '0x80160051'],
    ['a control of another type', form(inForm(field('birthdate'))), '0x80040203'],
    [
      'a label without the base language',
      form(inForm(field('fullname')).replace(labels(), labels(1033))),
      '0x80040203',
    ],
    [
      'a language that is not provisioned',
      form(inForm(field('fullname')).replace(labels(), labels(1031))),
      '0x80040203',
    ],
    ['a list of another table’s view', form(inForm(list({ ViewId: `{${OTHER_VIEW}}` }))), '0x80040203'],
    ['a relationship that does not exist', form(inForm(list({ RelationshipName: 'nothing' }))), '0x80040203'],
    [
      'rows that are missing below a tall cell',
      form(inForm(list().replace('<cell ', '<cell rowspan="3" '))),
      '0x80040203',
    ],
    ['a form of no table', { ...form(inForm(field('fullname'))), objecttypecode: 'nothing' }, '0x80040203'],
    [
      'events of a quick view',
      {
        ...form(
          inForm(field('fullname')).replace(
            '</form>',
            '<events><event name="onload" application="false" active="false"/></events></form>',
          ),
        ),
        type: 6,
      },
      '0x8004e300',
    ],
    [
      'a dashboard whose chart is of another table',
      dashboard({ formxml: inForm(list({ ChartGridMode: 'Chart', VisualizationId: `{${guid(99)}}` })) }),
      '0x80040203',
    ],
    [
      'a seventh component of a dashboard',
      dashboard({ formxml: inForm([1, 2, 3, 4, 5, 6, 7].map((n) => list({}, `list${n}`, 60 + n)).join('')) }),
      '0x80040203',
    ],
  ])('a form or dashboard with %s', async (_, body, code) => {
    expect(await client.post('systemforms', body)).toMatchObject({ status: 400, code });
  });

  test.each([
    [
      'a chart of another table',
      'savedqueryvisualizations',
      chart({ primaryentitytypecode: 'appointment' }),
      '0x80040203',
    ],
    [
      'a measure without its alias',
      'savedqueryvisualizations',
      chart({ datadescription: DATA.replace('measure alias="n"', 'measure alias="m"') }),
      '0x80040203',
    ],
    [
      'a column that a chart counts and nobody has',
      'savedqueryvisualizations',
      chart({ datadescription: DATA.replace('statuscode', 'nothing') }),
      '0x80041103',
    ],
    [
      'two chart areas of one category',
      'savedqueryvisualizations',
      chart({ presentationdescription: SHAPE.replace('<ChartArea/>', '<ChartArea/><ChartArea/>') }),
      '0x80040203',
    ],
    ['a site map of an unknown table', 'sitemaps', siteMap(subArea('s', 'Entity="nothing"')), '0x80040203'],
    [
      'a site map of an unknown dashboard',
      'sitemaps',
      siteMap(subArea('s', `DefaultDashboard="${guid(98)}"`)),
      '0x80040203',
    ],
    ['a site map with one id twice', 'sitemaps', siteMap(subArea('s', 'Entity="contact"').repeat(2)), '0x80040203'],
    ['an app without its icon', 'appmodules', app({ webresourceid: guid(97) }), '0x80040203'],
    ['an app of the old client', 'appmodules', app({ clienttype: undefined }), '0x80040203'],
    [
      'a picture that is no SVG',
      'webresourceset',
      icon({ name: 'new_/a.svg', content: Buffer.from('<html/>').toString('base64') }),
      '0x8004f01c',
    ],
    ['a web resource without a prefix', 'webresourceset', icon({ name: 'a.svg' }), '0x80040203'],
  ])('%s', async (_, set, body, code) => {
    expect(await client.post(set, body)).toMatchObject({ status: 400, code });
  });

  test('a change of what is fixed at creation', async () => {
    for (const change of [{ type: 2 }, { objecttypecode: 'contact' }])
      expect(await client.patch(`systemforms(${DASHBOARD})`, change)).toMatchObject({ code: '0x80040203' });
  });

  test('a publication of what does not exist', async () => {
    const publish = (xml: string) =>
      client.post('PublishXml', { ParameterXml: `<importexportxml>${xml}</importexportxml>` });
    expect(await publish(`<dashboards><dashboard>{${guid(96)}}</dashboard></dashboards>`)).toMatchObject({
      code: '0x80040217',
    });
    expect(await publish('<tables/>')).toMatchObject({ code: '0x80040203' });
  });
});

test('an app: nothing is seen before it is published; one site map; roles once; what is used cannot be deleted', async () => {
  expect((await client.post('appmodules', app({ appmoduleid: APP }))).status).toBe(204);
  expect(await client.post('appmodules', app({ name: 'Autre' }))).toMatchObject({ code: '0x80050135' });
  const validity = async () => (await client.get(`ValidateApp(AppModuleId=${APP})`)).json['AppValidationResponse'];
  expect(await validity()).toMatchObject({ ValidationIssueList: [{ ErrorType: 'Error' }] });

  const mapIdOf = async (name: string) => {
    const home = subArea('s', `DefaultDashboard="${DASHBOARD}"`) + subArea('c', 'Entity="contact"');
    const { headers } = await client.post('sitemaps', siteMap(home, name));
    return /\(([^)]+)\)/.exec(headers.get('odata-entityid') ?? '')?.[1];
  };
  const add = async (type: string, component: object) =>
    client.post('AddAppComponents', {
      AppId: APP,
      Components: [{ '@odata.type': `Microsoft.Dynamics.CRM.${type}`, ...component }],
    });
  expect((await add('sitemap', { sitemapid: await mapIdOf('new_app') })).status).toBe(204);
  expect(await add('sitemap', { sitemapid: await mapIdOf('new_other') })).toMatchObject({ code: '0x80050111' });
  expect(await add('systemform', { formid: guid(95) })).toMatchObject({ status: 404 });
  expect(await validity()).toMatchObject({ ValidationIssueList: [{ ErrorType: 'Warning' }] });
  await add('savedquery', { savedqueryid: VIEW });
  expect(await validity()).toMatchObject({ ValidationSuccess: true });

  const role = { '@odata.id': `${client.root}roles(${dataverse.rows.list('role')[0]?.['roleid']})` };
  const roles = `appmodules(${APP})/appmoduleroles_association/$ref`;
  expect(await client.post(roles, { '@odata.id': role['@odata.id'].slice(client.root.length) })).toMatchObject({
    status: 400,
  });
  expect((await client.post(roles, role)).status).toBe(204);
  expect(await client.post(roles, role)).toMatchObject({ code: '0x80040237' });

  expect((await client.get(`appmodules(${APP})`)).status).toBe(404);
  const drafts = await client.get('appmodules/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()?$select=name');
  expect(drafts.json['value']).toMatchObject([{ name: 'Essai' }]);
  const lists = `<dashboards><dashboard>{${DASHBOARD}}</dashboard></dashboards><sitemaps><sitemap/></sitemaps><webresources><webresource>{${ICON}}</webresource></webresources><appmodules><appmodule>${APP}</appmodule></appmodules>`;
  const ParameterXml = `<importexportxml><entities><entity>contact</entity></entities>${lists}</importexportxml>`;
  expect((await client.post('PublishXml', { ParameterXml })).status).toBe(204);
  for (const path of [
    `appmodules(${APP})`,
    `systemforms(${DASHBOARD})`,
    `savedqueries(${VIEW})`,
    `webresourceset(${ICON})`,
  ])
    expect((await client.get(path)).status, path).toBe(200);
  expect((await client.get(`savedqueries(${OTHER_VIEW})`)).status).toBe(404);
  const { json } = await client.get(`RetrieveAppComponents(AppModuleId=${APP})`);
  expect(json['AppComponents']).toMatchObject([{ componenttype: 62 }, { componenttype: 26 }]);

  expect(await client.remove(`webresourceset(${ICON})`)).toMatchObject({ code: '0x8004f01f' });
  expect(await client.remove(`systemforms(${DASHBOARD})`)).toMatchObject({ code: '0x8004f01f' });
  const used = await client.get(`RetrieveDependenciesForDelete(ObjectId=${ICON},ComponentType=61)`);
  expect(used.json['EntityCollection']).toMatchObject([{ dependentcomponenttype: 80 }]);
  expect((await client.remove(`appmodules(${APP})`)).status).toBe(204);
  expect((await client.remove(`webresourceset(${ICON})`)).status).toBe(204);
  const [main] = dataverse.rows.list('systemform').filter(({ objecttypecode }) => objecttypecode === 'contact');
  expect(await client.remove(`systemforms(${main?.['formid']})`)).toMatchObject({ code: '0x8004f01f' });
});
