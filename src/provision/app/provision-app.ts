// Makes our application in a Dataverse environment: after the tables, rights and links, and without stopping at a part that is refused.

import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import type { Languages } from '../definitions.ts';
import { codeOf, fail, isRefusal, wordsOf } from '../failure.ts';
import { type Read, reader } from '../read.ts';
import { readerRole, roles } from '../roles.ts';
import { addComponents, associateRole, createPart, labelPart, publish, remember, updatePart } from './calls.ts';
import { type CurrentApp, isManaged, readCurrentApp } from './current-app.ts';
import { APP_ID, newRow, type Part } from './parts.ts';
import { type AppPlan, type PartStep, planApp } from './plan-app.ts';
import { type Memory, type Written, writeMemory } from './written.ts';
import { fingerprint } from './xml.ts';

type AppChange = 'created' | 'updated' | 'unchanged' | 'kept';

export interface Refusal {
  readonly component: string;
  /** Status, code and words of Dataverse. */
  readonly reason: string;
}

export interface AppReport {
  /** One line per part; `kept` is one that people changed. */
  readonly steps: readonly { component: string; change: AppChange }[];
  readonly refused: readonly Refusal[];
  /** What Dataverse says of the app as a whole. */
  readonly warnings: readonly string[];
  readonly changed: boolean;
}

interface AppOptions {
  readonly languages: Languages;
  /** Ids of parts to bring to their definition whatever people made of them. */
  readonly restored?: ReadonlySet<string>;
}

const NOTHING: AppReport = { steps: [], refused: [], warnings: [], changed: false };

/**
 * Brings the application to its definition. A second run changes nothing; one after an interruption completes and publishes.
 *
 * @throws ProvisionError when Dataverse cannot be reached or answers no more; what it refuses is in the report
 */
export async function provisionApp(client: DynamicsWebApi, options: AppOptions): Promise<AppReport> {
  const read = reader(client);
  const managed = await isManaged(read).catch((error: unknown) => fail('reading the solution', error));
  if (managed) return NOTHING;
  const readNow = () =>
    readCurrentApp(read, options.languages).catch((error: unknown) => fail('reading the application', error));
  const plan = planApp(await readNow(), options.restored);
  const run = new Run(client);
  const steps: AppReport['steps'][number][] = [];
  for (const step of plan.steps)
    steps.push({ component: step.part.component, change: await run.part(step, plan.current) });
  const before = plan.current;
  const complete = before.published && !run.wrote && plan.steps.every(({ part }) => before.memory.has(part.id));
  if (complete) return { ...NOTHING, steps };
  const after = await readNow();
  await run.assemble(plan, after);
  const memory = memoryOf(plan, after, run.failed);
  const content = writeMemory(memory);
  if (content !== writeMemory(before.memory) || !before.remembered)
    await run.attempt('memory of provision', () => remember(client, content, before.remembered));
  if (run.wrote || !before.published) await run.attempt('publication', () => publish(client, after));
  const { wrote, refused } = run;
  return { steps, refused, warnings: after.found.has(APP_ID) ? await issues(client, read) : [], changed: wrote };
}

/** What a run would do, changing nothing. */
export async function readAppPlan(client: DynamicsWebApi, languages: Languages): Promise<AppPlan> {
  const current = readCurrentApp(reader(client), languages);
  return planApp(await current.catch((error: unknown) => fail('reading the application', error)));
}

const DONE_BEFORE = '0x80040237';
/** Microsoft's page says that the prefix is put before the name; others create with it. Refused with it, it is tried without. */
const NAME_REFUSED = '0x80050135';
const BARE_NAME = 'app';

class Run {
  readonly #client: DynamicsWebApi;
  readonly refused: Refusal[] = [];
  /** Ids of parts that were refused, or could not be put into the app. */
  readonly failed = new Set<string>();
  wrote = false;

  constructor(client: DynamicsWebApi) {
    this.#client = client;
  }

  async part(step: PartStep, { setting }: CurrentApp): Promise<AppChange> {
    const { part, change, found } = step;
    if (change === 'keep') return 'kept';
    if (change === 'nothing') return 'unchanged';
    if (change === 'update') {
      const key = found?.id ?? part.id;
      const done = await this.attempt(part.component, () => updatePart(this.#client, part, { key, setting }));
      if (!done) this.failed.add(part.id);
      return done ? 'updated' : 'unchanged';
    }
    const created = await this.attempt(part.component, () => this.#create(part, newRow(part, setting)));
    if (!created) this.failed.add(part.id);
    return created ? 'created' : 'unchanged';
  }

  /** False when Dataverse refused; the reason is then in `refused`. */
  async attempt(component: string, call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      this.wrote = true;
      return true;
    } catch (error) {
      if (codeOf(error) === DONE_BEFORE) return true;
      if (!isRefusal(error)) fail(component, error);
      this.refused.push({ component, reason: wordsOf(error) });
      return false;
    }
  }

  async #create(part: Part, row: Readonly<Record<string, unknown>>): Promise<unknown> {
    try {
      return await createPart(this.#client, part, row);
    } catch (error) {
      if (part.kind !== 'app' || codeOf(error) !== NAME_REFUSED) throw error;
      return createPart(this.#client, part, { ...row, uniquename: BARE_NAME });
    }
  }

  /** Names in other languages, then what belongs to the app: only what is new, since people may have taken the rest out. */
  async assemble(plan: AppPlan, after: CurrentApp): Promise<void> {
    const { memory, setting } = plan.current;
    const fresh = plan.steps.flatMap(({ part }) => {
      const key = after.found.get(part.id)?.id;
      return key === undefined || memory.has(part.id) ? [] : [{ part, key }];
    });
    for (const { part, key } of fresh) {
      const labelled = () => labelPart(this.#client, part, { key, languages: setting.languages });
      if (!(await this.attempt(`${part.component}, names in other languages`, labelled))) this.failed.add(part.id);
    }
    if (!after.found.has(APP_ID)) return;
    // An app that was refused before gets everything.
    const components = plan.steps.flatMap(({ part }) => {
      const key = after.found.get(part.id)?.id;
      const known = memory.has(part.id) && memory.has(APP_ID);
      return key === undefined || known || part.kind === 'icon' || part.kind === 'app' ? [] : [{ part, key }];
    });
    if (
      components.length > 0 &&
      !(await this.attempt('components of the app', () => addComponents(this.#client, components)))
    )
      for (const { part } of components) this.failed.add(part.id);
    if (memory.has(APP_ID)) return;
    for (const { id, name } of roles.filter(isForPeople))
      if (!(await this.attempt(`role ${name} of the app`, () => associateRole(this.#client, id))))
        this.failed.add(APP_ID);
  }
}

/** Whoever reads sees the app; who merges contacts reads too. The connector itself opens no screen. */
const isForPeople = ({ id }: { id: string }) => id === readerRole.id;

/** What is remembered for the next run: of parts that people changed, what was before. */
function memoryOf({ steps, current }: AppPlan, after: CurrentApp, failed: ReadonlySet<string>): Memory {
  return new Map(
    steps.flatMap(({ part, change, definition }): (readonly [string, Written])[] => {
      const before = current.memory.get(part.id);
      const found = after.found.get(part.id);
      if (change === 'keep' || failed.has(part.id)) return before === undefined ? [] : [[part.id, before]];
      return found === undefined ? [] : [[part.id, { definition, row: fingerprint(found.texts) }]];
    }),
  );
}

const validation = z.object({
  AppValidationResponse: z.object({
    ValidationIssueList: z.array(z.object({ ErrorType: z.string(), Message: z.string() })),
  }),
});

/** What Dataverse finds amiss in the app; nothing where it cannot say. */
async function issues(client: DynamicsWebApi, read: Read): Promise<readonly string[]> {
  // Without a signal: dynamics-web-api 2.5.0 copies the one given to callFunction into an object that Node refuses.
  const call = () => client.callFunction({ name: 'ValidateApp', parameters: { AppModuleId: APP_ID } });
  const answer = await read(validation, call).catch(() => undefined);
  const list = answer?.AppValidationResponse.ValidationIssueList ?? [];
  return list.map(({ ErrorType, Message }) => `${ErrorType}: ${Message}`);
}
