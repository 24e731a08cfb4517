// Takes away what `provision` made. A part that Dataverse refuses to delete, because something else uses it, is named, and the rest goes on.

import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { withDeadline } from '../../dataverse/deadline.ts';
import { readCurrentApp } from '../app/current-app.ts';
import { planApp } from '../app/plan-app.ts';
import { el, writeXml } from '../app/xml.ts';
import { readCurrent } from '../current.ts';
import { fail, isRefusal, statusOf, wordsOf } from '../failure.ts';
import { ProvisionConflict } from '../provision.ts';
import { DUPLICATE_RULES } from '../publish-rules.ts';
import { listOf, reader } from '../read.ts';
import { planRemoval, type Removal, type RemovalPlan } from './plan-removal.ts';

/** Milliseconds for one change: deleting a table and publishing take up to minutes. */
const CHANGE_DEADLINE_MS = 600_000;

interface Outcome {
  readonly component: string;
  /** Dataverse's own words, when it refused. */
  readonly refused?: string;
}

/**
 * Reads the environment and plans, changing nothing.
 *
 * @throws ProvisionConflict where the solution is managed: its parts go with it alone
 */
export async function readRemoval(client: DynamicsWebApi, withData: boolean): Promise<RemovalPlan> {
  const read = reader(client);
  const installed = async () => {
    const current = await readCurrent(read);
    const app = planApp(await readCurrentApp(read, current.languages));
    return { current, app, rules: await readRules(client) };
  };
  const found = await installed().catch((error: unknown) => fail('reading the environment', error));
  if (found.current.solution?.managed === true)
    throw new ProvisionConflict(['the solution RdvSolidarites is managed here: delete it, and all of it goes']);
  return planRemoval(found, withData);
}

async function readRules(client: DynamicsWebApi): Promise<ReadonlySet<string>> {
  const filter = DUPLICATE_RULES.map(({ id }) => `duplicateruleid eq ${id}`).join(' or ');
  const { value } = await reader(client)(listOf({ duplicateruleid: z.string() }), (api, signal) =>
    api.retrieveMultiple({ collection: 'duplicaterules', select: ['duplicateruleid'], filter, signal }),
  );
  return new Set(value.map(({ duplicateruleid }) => duplicateruleid));
}

/**
 * Deletes part by part.
 *
 * @returns what stays, by a second reading
 * @throws ProvisionError for a failure that is no refusal of one part; what came before it is gone, and another run goes on
 */
export async function remove(
  client: DynamicsWebApi,
  { app, tablesToPublish, data }: RemovalPlan,
  tell: (outcome: Outcome) => void,
): Promise<readonly Removal[]> {
  for (const removal of app) tell(await removeOne(client, removal));
  if (app.length > 0) {
    const published = await attempt('publication', () => publish(client, tablesToPublish));
    if (published.refused !== undefined) tell(published);
  }
  for (const removal of data) tell(await removeOne(client, removal));
  const left = await readRemoval(client, data.length > 0);
  return [...left.app, ...left.data];
}

const removeOne = (client: DynamicsWebApi, { component, changedHere: _, ...request }: Removal): Promise<Outcome> =>
  attempt(component, () => inTime((signal) => client.deleteRecord({ ...request, signal })));

function publish(client: DynamicsWebApi, tables: readonly string[]): Promise<unknown> {
  const entities = tables.map((table) => el('entity', {}, [table]));
  const action = { ParameterXml: writeXml(el('importexportxml', {}, [el('entities', {}, entities)])) };
  return inTime((signal) => client.callAction({ actionName: 'PublishXml', action, signal }));
}

/** Somebody else deleted it meanwhile. That it is gone says the reading afterwards. */
const GONE = 404;

async function attempt(component: string, call: () => Promise<unknown>): Promise<Outcome> {
  try {
    await call();
    return { component };
  } catch (error) {
    if (statusOf(error) === GONE) return { component };
    if (!isRefusal(error)) fail(component, error);
    return { component, refused: wordsOf(error) };
  }
}

const inTime = (send: (signal: AbortSignal) => Promise<unknown>) => withDeadline(CHANGE_DEADLINE_MS, send);
