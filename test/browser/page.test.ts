// The local page in a real browser, on the whole connector: what a person sees, does, and is not made to suffer.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { answerPage } from '../../local/page/answer.ts';
import { makeNotification, makeParticipation, makeRdv, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
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
  /** One page for all tests but one: opening another is what costs time. */
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    pipeline = await startPipeline({}, { clock: () => NOW, page: answerPage });
    ids = await tell(pipeline);
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
    '/?q=personne',
    `/contacts/${ids.contact}`,
    '/rdv',
    '/rdv?vue=annules',
    '/agents',
    `/agents/${ids.agent}`,
    '/liens',
    '/nothing',
  ];

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
    await open('/');
    expect((await names()).length).toBeGreaterThan(30);
    await page.getByLabel('Rechercher un contact').pressSequentially('zoe');
    await counted(/^1 contact pour « zoe »$/);
    expect(await names()).toEqual(['Zoé Usager-Test']);
    expect(new URL(page.url()).search).toBe('?q=zoe');
    await page.reload();
    expect(await names()).toEqual(['Zoé Usager-Test']);
  });

  test('the timeline shows what is to come, then what was, with all that an agent needs', async () => {
    await open('/');
    await page.getByRole('link', { name: 'Camille Usager-Test' }).click();
    await page.getByRole('heading', { level: 1, name: 'Camille Usager-Test' }).waitFor();
    const timeline = page.getByRole('region', { name: 'Chronologie' });
    expect(await timeline.getByRole('heading').allInnerTexts()).toEqual([
      'Chronologie',
      'À venir',
      'Suivi en visioconférence',
      'Suivi par téléphone',
      'Visite à domicile',
      'Passés',
      "Premier rendez-vous d'orientation",
      'Point sur le budget',
      'Accueil social',
    ]);
    const seen = timeline.getByRole('article').filter({ hasText: 'Accueil social' });
    for (const part of [
      'jeu. 3 déc. 2026 09:30 – 10:15',
      'Vu',
      'Terminé',
      'Maison des solidarités de Ville-Test',
      'Camille Usager-Test',
      'Dominique Agent-Test',
    ])
      expect(await seen.innerText()).toContain(part);
    const link = seen.getByRole('link', { name: /^Ouvrir dans RDV-Solidarités/ });
    expect(await link.getAttribute('href')).toBe('https://www.rdv-solidarites.fr/agents/rdvs/77020');
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  test('a notification appears by itself: focus, text and what is open stay, and it is announced', async () => {
    await open('/');
    const field = page.getByLabel('Rechercher un contact');
    await field.fill('usager-test');
    await counted(/contacts pour « usager-test »$/);
    await page.evaluate(
      "window.same = document.querySelector('tbody tr'); document.querySelector('#recherche').setSelectionRange(2, 4)",
    );
    await announce(usager(900, 'Arrivée'));
    await page.getByRole('link', { name: 'Arrivée Usager-Test' }).waitFor();
    expect(await focused()).toBe('recherche');
    expect(await field.inputValue()).toBe('usager-test');
    expect(await page.evaluate("document.querySelector('#recherche').selectionStart")).toBe(2);
    expect(await page.evaluate('window.same.isConnected')).toBe(true);
    expect(await page.getByRole('status').innerText()).toMatch(/^Page mise à jour à .* contacts pour « usager-test »$/);

    await page.getByRole('link', { name: 'Zoé Usager-Test' }).focus();
    await announce(usager(901, 'Abel'));
    await page.getByRole('link', { name: 'Abel Usager-Test' }).waitFor();
    expect(await focused()).toBe('Zoé Usager-Test');
  });

  test('what a reader opened stays open when an appointment changes', async () => {
    await open('/rdv');
    const collective = page.getByRole('article').filter({ hasText: 'Réunion d’information' });
    await collective.getByText('30 participants').click();
    const data = makeRdv({ id: 77_900, participations: [makeParticipation({ user: usager(902, 'Nouvelle') })] });
    await pipeline.deliver(
      senderJson(
        makeNotification({
          model: 'Rdv',
          event: 'created',
          data: { ...data, starts_at: '2026-12-15 09:00:00 +0100', ends_at: '2026-12-15 09:30:00 +0100' },
        }),
      ),
    );
    await page.getByRole('link', { name: 'Nouvelle Usager-Test' }).waitFor();
    expect(await collective.getByRole('link', { name: 'Prénom-Test-7 Usager-Test' }).isVisible()).toBe(true);
  });

  test('a contact that is deleted under one’s eyes is said to be gone', async () => {
    await announce(usager(903, 'Passage'));
    const [row] = pipeline.dataverse.rows.list('contact').filter((one) => one['firstname'] === 'Passage');
    await open(`/contacts/${row?.['contactid']}`);
    pipeline.dataverse.rows.remove('contact', String(row?.['contactid']));
    await page.getByRole('heading', { name: 'Page introuvable' }).waitFor();
  });

  test('says when it is cut off, and catches up', async () => {
    await page.route('**/changements', (route) => route.abort());
    await page.goto(pipeline.dataverse.url);
    await page.getByText('Hors ligne : nouvel essai').waitFor();
    await announce(usager(904, 'Rattrapage'));
    await page.unroute('**/changements');
    await page.getByRole('link', { name: 'Rattrapage Usager-Test' }).waitFor();
    await page.getByText('En direct').waitFor();
  });

  test('an agent’s week shows free, busy and away, and goes back and forth', async () => {
    await open('/agents');
    await page.getByRole('link', { name: 'Dominique Agent-Test' }).click();
    const day = (name: string) => page.getByRole('region', { name, exact: true });
    expect(await day('jeudi 17').innerText()).toMatch(/Formation[\s\S]*Absent du bureau/);
    expect(await day('mardi 15').innerText()).toMatch(/Permanence du mardi[\s\S]*Libre/);
    await page.getByRole('link', { name: 'Semaine précédente' }).click();
    expect(await day('jeudi 10').innerText()).toMatch(/Premier rendez-vous[\s\S]*Annulé/);
    await page.getByRole('link', { name: 'Cette semaine' }).click();
    await day('lundi 14 aujourd’hui').waitFor();
  });

  test('the keyboard alone is enough', async () => {
    await open('/');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Aller au contenu');
    await page.keyboard.press('Enter');
    expect(await focused()).toContain('Contacts');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Actualiser');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('recherche');
    await page.keyboard.type('camille');
    await page.keyboard.press('Enter');
    await counted(/^1 contact pour « camille »$/);
    for (let stop = 0; stop < 8 && (await focused()) !== 'Camille Usager-Test'; stop += 1) {
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

  test('nothing is wider than a phone', async () => {
    for (const path of addresses()) {
      await open(path, { width: 360 });
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(360);
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
    const short = [...addresses().slice(1, -2), '/?q=camille', '/liens?vue=sortis', '/nothing'];
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
    await open('/');
    await page.getByRole('link', { name: hostile }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(`${hostile} Usager-Test`);
    await page.getByText('<script>window.evil=1</script>').waitFor();
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
    await plain.goto(pipeline.dataverse.url);
    await plain.getByText('Actualisez pour voir les changements').waitFor();
    await announce(usager(906, 'Sans-Script'));
    await plain.getByRole('link', { name: 'Actualiser' }).click();
    await plain.getByLabel('Rechercher un contact').fill('sans-script');
    await plain.getByRole('button', { name: 'Rechercher' }).click();
    expect(await names(plain)).toEqual(['Sans-Script Usager-Test']);
    await plain.close();
  });
});
