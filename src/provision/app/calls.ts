// The calls that make the parts of our application.
// Source: Microsoft Learn, "Create, manage, and publish model-driven apps using code"; SetLocLabels, PublishXml actions.

import type { DynamicsWebApi } from 'dynamics-web-api';
import { withDeadline } from '../../dataverse/deadline.ts';
import { IN_OUR_SOLUTION } from '../call-kinds.ts';
import type { Languages } from '../definitions.ts';
import { tableParts } from './application.ts';
import type { CurrentApp } from './current-app.ts';
import { wordsIn } from './labels.ts';
import { APP_ID, DASHBOARD_ID, ICON_IDS, KINDS, type Part, type Setting } from './parts.ts';
import { WRITTEN } from './written.ts';
import { type Element, el, writeXml } from './xml.ts';

/** Milliseconds for one change: publishing takes up to minutes. */
const CHANGE_DEADLINE_MS = 600_000;

const CRM = 'Microsoft.Dynamics.CRM';

const inTime = (send: (signal: AbortSignal) => Promise<unknown>) => withDeadline(CHANGE_DEADLINE_MS, send);

export function createPart(client: DynamicsWebApi, part: Part, row: Readonly<Record<string, unknown>>) {
  const { set } = KINDS[part.kind];
  return inTime((signal) => client.create({ collection: set, data: row, signal, headers: IN_OUR_SOLUTION }));
}

/** PATCH replaces whole texts; name and description stay as people left them. */
export function updatePart(client: DynamicsWebApi, part: Part, { key, setting }: { key: string; setting: Setting }) {
  const { set } = KINDS[part.kind];
  const data = part.content(setting);
  return inTime((signal) => client.update({ collection: set, key, data, signal, headers: IN_OUR_SOLUTION }));
}

/** A row is created in one language; the others are set one column at a time. */
export async function labelPart(
  client: DynamicsWebApi,
  part: Part,
  { key, languages }: { key: string; languages: Languages },
) {
  const { entity, key: column } = KINDS[part.kind];
  for (const [AttributeName, text] of Object.entries(part.texts)) {
    const words = wordsIn(text, languages);
    if (words.length === 1) continue;
    const Labels = words.map(([LanguageCode, Label]) => ({
      '@odata.type': `${CRM}.LocalizedLabel`,
      Label,
      LanguageCode,
    }));
    const action = { EntityMoniker: { '@odata.type': `${CRM}.${entity}`, [column]: key }, AttributeName, Labels };
    await inTime((signal) => client.callAction({ actionName: 'SetLocLabels', action, signal }));
  }
}

export function addComponents(client: DynamicsWebApi, components: readonly { part: Part; key: string }[]) {
  const Components = components.map(({ part, key }) => ({
    '@odata.type': `${CRM}.${KINDS[part.kind].entity}`,
    [KINDS[part.kind].key]: key,
  }));
  const action = { AppId: APP_ID, Components };
  return inTime((signal) => client.callAction({ actionName: 'AddAppComponents', action, signal }));
}

/** Only holders of an associated role see the app. */
export function associateRole(client: DynamicsWebApi, roleId: string) {
  return inTime((signal) =>
    client.associate({
      collection: KINDS.app.set,
      primaryKey: APP_ID,
      relationshipName: 'appmoduleroles_association',
      relatedCollection: 'roles',
      relatedKey: roleId,
      signal,
    }),
  );
}

/** Writes the memory of what was written; `exists` says whether it was there before. */
export function remember(client: DynamicsWebApi, content: string, exists: boolean) {
  const { id, name, webresourcetype } = WRITTEN;
  const collection = KINDS.icon.set;
  if (exists)
    return inTime((signal) =>
      client.update({ collection, key: id, data: { content }, signal, headers: IN_OUR_SOLUTION }),
    );
  const data = { webresourceid: id, name, displayname: 'RDV-Solidarités, provision', webresourcetype, content };
  return inTime((signal) => client.create({ collection, data, signal, headers: IN_OUR_SOLUTION }));
}

/** Publishes what exists of our application, drafts that others have on its tables included: Dataverse knows no finer list. */
export function publish(client: DynamicsWebApi, { found }: CurrentApp) {
  const group = (name: string, item: string, ids: readonly string[]): readonly Element[] =>
    ids.length === 0
      ? []
      : [
          el(
            name,
            {},
            ids.map((id) => el(item, {}, [id])),
          ),
        ];
  const there = (ids: readonly string[]) => ids.filter((id) => found.has(id));
  const siteMaps = [...found].filter(([id, part]) => id !== part.id).map(([, { id }]) => `{${id}}`);
  const root = el('importexportxml', {}, [
    ...group(
      'entities',
      'entity',
      tableParts.map(({ table }) => table),
    ),
    ...group(
      'dashboards',
      'dashboard',
      there([DASHBOARD_ID]).map((id) => `{${id}}`),
    ),
    ...group('sitemaps', 'sitemap', siteMaps),
    ...group(
      'webresources',
      'webresource',
      [...there(ICON_IDS), WRITTEN.id].map((id) => `{${id}}`),
    ),
    ...group('appmodules', 'appmodule', there([APP_ID])),
  ]);
  const action = { ParameterXml: writeXml(root) };
  return inTime((signal) => client.callAction({ actionName: 'PublishXml', action, signal }));
}
