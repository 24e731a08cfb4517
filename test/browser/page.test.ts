// The local page in a real browser, on the whole connector: what a person sees, does, and is not made to suffer.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { answerPage } from '../../local/page/answer.ts';
import { makeNotification, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { idOf } from '../../src/provision/app/ids.ts';
import { chartPart, viewId } from '../../src/provision/app/part-names.ts';
import { NOW, type People, tell } from '../pictures/story.ts';
import { photograph } from '../pictures/take.ts';
import { type Pipeline, startPipeline } from '../pipeline/pipeline.ts';
import { describeInChromium } from './describe.ts';

const documents = new URL('../../docs/', import.meta.url);

interface Look {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

describeInChromium('the local page', (browser) => {
  let pipeline: Pipeline;
  let ids: People;
  let incident: string;
  /** One page for all tests but one: opening another is what costs time. */
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    pipeline = await startPipeline({}, { clock: () => NOW, page: answerPage });
    ids = await tell(pipeline);
    incident = pipeline.dataverse.rows.insert('rdvs_incident', { rdvs_name: 'incident-1', rdvs_state: 1 });
    page = await browser().newPage({ reducedMotion: 'reduce' });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', ({ message }) => errors.push(message));
  });
  afterAll(() => pipeline?.stop());
  afterEach(() => expect(errors.splice(0)).toEqual([]));

  async function open(path: string, { width = 1200, colorScheme = 'light' }: Look = {}): Promise<void> {
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ colorScheme });
    await page.goto(pipeline.dataverse.url + path);
    await page.locator('#direct[data-state=on]').waitFor();
  }

  const addresses = () => [
    '/',
    '/appointment',
    `/appointment?view=${viewId('appointment', 'cancelled')}&chart=${idOf(chartPart('appointment', 'status by month'))}`,
    `/appointment/${ids.rdv}`,
    '/contact?q=personne',
    `/contact/${ids.contact}`,
    '/rdvs_link',
    `/rdvs_participation?view=${viewId('rdvs_participation', 'absences of the year')}&chart=${idOf(chartPart('rdvs_participation', 'absences by organisation'))}`,
    `/rdvs_motif/${motif()}`,
    '/rdvs_incident',
    `/rdvs_incident/${incident}`,
    '/rdvs_run?lang=en',
    '/nothing',
    '/contact',
  ];

  const motif = () => pipeline.dataverse.rows.list('rdvs_motif')[0]?.['rdvs_motifid'];
  const usager = (id: number, first_name: string) => makeUser({ id, first_name });
  const announce = (user: ReturnType<typeof makeUser>, at = '2026-12-14T07:55:00Z') =>
    pipeline.deliver(senderJson(makeNotification({ model: 'User', event: 'updated', data: user, at })));
  const names = (on = page) => on.locator('tbody th').allInnerTexts();
  const counted = (words: RegExp) => page.locator('#nombre').filter({ hasText: words }).waitFor();
  const focused = () => page.evaluate('document.activeElement.innerText || document.activeElement.id');

  test('the pictures of the guide can be taken anew, are small, and are those that it shows', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
    const taken = await photograph({ url: pipeline.dataverse.url, people: ids }, { folder, browser: browser() });
    for (const path of taken) expect((await stat(path)).size, path).toBeLessThan(200_000);
    await rm(folder, { recursive: true });
    const names = taken.map((path) => basename(path)).sort();
    expect((await readdir(new URL('images/', documents))).sort()).toEqual(names);
    const guide = await readFile(new URL('guide-utilisateur.md', documents), 'utf8');
    expect([...guide.matchAll(/!\[[^\]]+\]\(images\/([^)]+)\)/g)].map(([, name]) => name).sort()).toEqual(names);
  });

  test('search finds while one types, and without accents', async () => {
    await open('/contact');
    expect((await names()).length).toBeGreaterThan(30);
    await page.getByLabel('Rechercher dans cette vue').pressSequentially('zoe');
    await counted(/^1 ligne pour « zoe »/);
    expect(await names()).toEqual(['Zoé Usager-Test']);
    expect(new URL(page.url()).searchParams.get('q')).toBe('zoe');
    await page.reload();
    expect(await names()).toEqual(['Zoé Usager-Test']);
  });

  test('the site map leads from the dashboard to a list, a form and the record beside it', async () => {
    await open('/');
    await page.getByRole('heading', { level: 1, name: "Aujourd'hui" }).waitFor();
    await page
      .getByRole('region', { name: 'RDV du jour', exact: true })
      .getByRole('link', { name: 'Signature du contrat' })
      .waitFor();
    await page.getByRole('navigation', { name: 'Principale' }).getByRole('link', { name: 'RDV' }).click();
    await page.getByRole('heading', { level: 1, name: 'RDV à venir' }).waitFor();
    await page.getByRole('link', { name: 'Signature du contrat' }).click();
    await page.getByRole('heading', { level: 1, name: 'Signature du contrat' }).waitFor();
    const people = page.getByRole('region', { name: 'Participants' });
    await people.getByRole('link', { name: 'Alex Usager-Test' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Alex Usager-Test' }).waitFor();
    const link = page.getByRole('link', { name: 'usager-15' });
    await link.click();
    await page.getByRole('heading', { level: 1, name: 'usager-15' }).waitFor();
    expect(await page.getByRole('button', { name: 'Enregistrer' }).count()).toBe(0);
  });

  test('a notification appears by itself: focus, text and what is open stay, and it is announced', async () => {
    await open('/contact');
    const field = page.getByLabel('Rechercher dans cette vue');
    await field.fill('usager-test');
    await counted(/lignes pour « usager-test »/);
    await page.evaluate(
      "window.same = document.querySelector('tbody tr'); document.querySelector('#recherche').setSelectionRange(2, 4)",
    );
    await announce(usager(900, 'Arrivée'));
    await page.getByRole('link', { name: 'Arrivée Usager-Test' }).waitFor();
    expect(await focused()).toBe('recherche');
    expect(await field.inputValue()).toBe('usager-test');
    expect(await page.evaluate("document.querySelector('#recherche').selectionStart")).toBe(2);
    expect(await page.evaluate('window.same.isConnected')).toBe(true);
    expect(await page.locator('#annonce').innerText()).toMatch(/^Page mise à jour à .* lignes pour « usager-test »/);

    await page.getByRole('link', { name: 'Zoé Usager-Test' }).focus();
    await announce(usager(901, 'Abel'));
    await page.getByRole('link', { name: 'Abel Usager-Test' }).waitFor();
    expect(await focused()).toBe('Zoé Usager-Test');
  });

  test('an incident is settled from its form, by the keyboard; what is typed stays while other rows change', async () => {
    await open(`/rdvs_incident/${incident}`);
    await page.getByLabel('État').focus();
    await page.keyboard.press('ArrowDown');
    await page.getByText('Modifications non enregistrées.').waitFor();
    await announce(usager(907, 'Entre-temps'));
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 400))');
    expect(await page.getByLabel('État').inputValue()).toBe('2');
    for (let stop = 0; stop < 12 && (await focused()) !== 'Enregistrer'; stop += 1)
      await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Enregistré.', { exact: true }).waitFor();
    expect(pipeline.dataverse.rows.get('rdvs_incident', incident)).toMatchObject({ rdvs_state: 2 });

    await page.getByLabel('État').selectOption('3');
    pipeline.dataverse.rows.update('rdvs_incident', incident, { rdvs_state: 1 });
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByRole('alert').getByText('Cette fiche a changé entre-temps').waitFor();
    await announce(usager(908, 'Encore'));
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 400))');
    expect(await page.getByLabel('État').inputValue()).toBe('3');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByText('Enregistré.', { exact: true }).waitFor();
    expect(pipeline.dataverse.rows.get('rdvs_incident', incident)).toMatchObject({ rdvs_state: 3 });
  });

  test('what a reader opened stays open when an appointment changes', async () => {
    const [collective] = pipeline.dataverse.rows
      .list('appointment')
      .filter((row) => String(row['subject']).startsWith('Réunion d’information'));
    await open(`/appointment/${collective?.['activityid']}`);
    await page.getByText('30 participants').click();
    pipeline.dataverse.rows.update('appointment', String(collective?.['activityid']), { rdvs_statustext: 'changé' });
    await page.getByText('changé', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Prénom-Test-7 Usager-Test' }).isVisible()).toBe(true);
  });

  test('a contact that is deleted under one’s eyes is said to be gone', async () => {
    await announce(usager(903, 'Passage'));
    const [row] = pipeline.dataverse.rows.list('contact').filter((one) => one['firstname'] === 'Passage');
    await open(`/contact/${row?.['contactid']}`);
    pipeline.dataverse.rows.remove('contact', String(row?.['contactid']));
    await page.getByRole('heading', { name: 'Page introuvable' }).waitFor();
  });

  test('says when it is cut off, and catches up', async () => {
    await page.route('**/changements', (route) => route.abort());
    await page.goto(`${pipeline.dataverse.url}/contact`);
    await page.getByText('Hors ligne : nouvel essai').waitFor();
    await announce(usager(904, 'Rattrapage'));
    await page.unroute('**/changements');
    await page.getByRole('link', { name: 'Rattrapage Usager-Test' }).waitFor();
    await page.getByText('En direct').waitFor();
  });

  test('the keyboard alone is enough', async () => {
    await open('/contact');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Aller au contenu');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Actualiser');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('recherche');
    await page.keyboard.type('camille');
    await page.keyboard.press('Enter');
    await counted(/^2 lignes pour « camille »/);
    for (let stop = 0; stop < 12 && (await focused()) !== 'Camille Usager-Test'; stop += 1) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(
          'getComputedStyle(document.activeElement).outlineStyle + parseFloat(getComputedStyle(document.activeElement).outlineWidth)',
        ),
      ).toBe('solid3');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Camille Usager-Test' }).waitFor();
  });

  test.each([360, 1200])('nothing is wider than a screen of %i pixels', async (width) => {
    for (const path of addresses()) {
      await open(path, { width });
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(width);
      const cards = await page
        .locator('.tab > div')
        .evaluateAll((all) => all.map((one) => one.scrollWidth <= one.clientWidth));
      expect(cards, path).not.toContain(false);
    }
  });

  test('axe finds nothing, in the light on a desk and in the dark on a phone; contrast included', async () => {
    await page.context().addInitScript(axe.source);
    const faults: string[] = [];
    const examine = async (path: string, rules?: readonly string[]) => {
      const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
      const violations = await page.evaluate<AxeResults['violations']>(
        `axe.run(${options}).then(({ violations }) => violations)`,
      );
      for (const { id, nodes } of violations) {
        faults.push(...nodes.map(({ html, failureSummary }) => `${path} ${id}: ${html} ${failureSummary}`));
      }
    };
    // Short lists: each row more is the same again, and contrast is computed element by element.
    const short = [...addresses().slice(0, -1), '/contact?q=camille'];
    for (const path of short) {
      await open(path);
      await examine(path);
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await examine(path, ['color-contrast']);
    }
    expect(faults).toEqual([]);
  }, 60_000);

  test('a hostile text stays a text, and a script that slipped in would not run', async () => {
    const hostile = '"><img src=x onerror=window.evil=1>';
    await announce(makeUser({ id: 905, first_name: hostile, address: '<script>window.evil=1</script>' }));
    await open('/contact');
    await page.getByRole('link', { name: hostile }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(`${hostile} Usager-Test`);
    expect(await page.getByRole('textbox', { name: 'Adresse', exact: true }).inputValue()).toBe(
      '<script>window.evil=1</script>',
    );
    await page.evaluate(
      `document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x onerror="window.evil=1">')`,
    );
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.evil=1' }))",
    );
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 50))');
    expect(await page.evaluate('window.evil')).toBeUndefined();
    expect(await page.evaluate("fetch('https://example.org').catch(({ name }) => name)")).toBe('TypeError');
  });

  test('works without JavaScript, by reloading', async () => {
    const plain = await browser().newPage({ javaScriptEnabled: false });
    await plain.goto(`${pipeline.dataverse.url}/contact`);
    await plain.getByText('Actualisez pour voir les changements').waitFor();
    await announce(usager(906, 'Sans-Script'));
    await plain.getByRole('link', { name: 'Actualiser' }).click();
    await plain.getByLabel('Rechercher dans cette vue').fill('sans-script');
    await plain.getByRole('button', { name: 'Rechercher' }).click();
    expect(await names(plain)).toEqual(['Sans-Script Usager-Test']);
    await plain.getByRole('link', { name: 'Sans-Script Usager-Test' }).click();
    await plain.getByLabel('Prénom').fill('Écrit');
    await plain.getByRole('button', { name: 'Enregistrer' }).click();
    await plain.getByText('Enregistré.').waitFor();
    await plain.getByRole('heading', { level: 1, name: 'Écrit Usager-Test' }).waitFor();
    await plain.close();
  });
});
