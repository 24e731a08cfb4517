// Who follows whom, and what people fill on a motif, as the application shows it.
import { afterAll, beforeEach, expect, test } from 'vitest';
import { viewId } from '../../src/provision/app/part-names.ts';
import { rawClient } from '../dataverse/test/raw-client.ts';
import { startPage } from './provisioned.ts';

const page = await startPage();
const { dataverse, get, contact, linked } = page;
beforeEach(page.clear);
afterAll(() => dataverse.stop());

const follow = (who: string, agent: string, user?: string) =>
  dataverse.rows.insert('rdvs_referent', {
    rdvs_name: 'referent-12-5',
    rdvs_agent: agent,
    'rdvs_contact@odata.bind': `/contacts(${who})`,
    ...(user && { 'rdvs_user@odata.bind': `/systemusers(${user})` }),
  });

test('a contact shows its referents; views show whom one follows, and whom nobody follows', async () => {
  const me = (await rawClient(dataverse.url, 'local').get('WhoAmI')).json['UserId'];
  const [mine, others, nobodys] = ['Suivie-Test', 'Autre-Test', 'Seul-Test'].map((name) => contact(name));
  for (const [at, who] of [mine, others, nobodys].entries()) linked(String(who), `usager-${at + 1}`);
  follow(String(mine), 'Dominique Agent-Test', String(me));
  follow(String(others), 'Claude Agent-Test');
  expect((await get(`/contact/${others}`)).text).toContain('Claude Agent-Test');
  expect((await get(`/contact/${others}`)).text).not.toContain('Dominique Agent-Test');
  for (const [view, names] of [
    ['usagers', ['Suivie-Test', 'Autre-Test', 'Seul-Test']],
    ['mine', ['Suivie-Test']],
    ['unfollowed', ['Seul-Test']],
  ] as const) {
    const { text } = await get(`/contact?view=${viewId('contact', view)}`);
    const shown = ['Suivie-Test', 'Autre-Test', 'Seul-Test'].filter((name) => text.includes(name));
    expect([view, shown]).toEqual([view, names]);
  }
});

test('on the form of a motif people fill three columns, and read the others', async () => {
  const id = dataverse.rows.insert('rdvs_motif', { rdvs_name: 'Suivi-Test', rdvs_organisation: '7' });
  const { text } = await get(`/rdvs_motif/${id}`);
  const fields = [...text.matchAll(/ name="(rdvs_\w+)"/g)].map(([, name]) => name);
  expect(new Set(fields)).toEqual(new Set(['rdvs_subject', 'rdvs_handling']));
  expect(text).toContain('Équipe propriétaire');
});
