// `connector provision --remove`: takes away what `provision` made; people's data only with `--with-data`.

import type { RemovalPlan } from '../../provision/remove/plan-removal.ts';
import { readRemoval, remove } from '../../provision/remove/remove.ts';
import { CommandError, readDataverseAccess } from '../environment.ts';
import { printable, type Terminal } from '../terminal.ts';

export interface RemoveFlags {
  readonly withData?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Deleting a table takes long without any output. */
const IDLE_TIMEOUT_MS = 600_000;

export async function removeOurs({ withData = false, yes, dryRun }: RemoveFlags, terminal: Terminal): Promise<void> {
  const { url, dataverse } = readDataverseAccess(terminal.environment, { idleTimeoutMs: IDLE_TIMEOUT_MS });
  const client = dataverse.connection();
  const plan = await readRemoval(client, withData);
  if (plan.app.length + plan.data.length === 0) {
    terminal.print(`${url}: nothing of ours to remove.`);
    return;
  }
  show(plan, withData, terminal);
  if (dryRun === true) {
    terminal.print('Dry run: nothing was changed.');
    return;
  }
  if (yes !== true) await confirm(new URL(url).host, terminal);
  const stay = await remove(client, plan, ({ component, refused }) => {
    if (refused === undefined) terminal.print(`removed    ${component}`);
    else terminal.complain(`refused: ${component}: ${printable(refused)}`);
  });
  if (stay.length > 0) {
    const names = stay.map(({ component }) => component).join(', ');
    throw new CommandError(`${names}: still there. Take away what uses it, then repeat the command.`);
  }
  terminal.print(withData ? 'Contacts and appointments stay.' : 'Tables and columns stay, with what they hold.');
}

function show({ app, data }: RemovalPlan, withData: boolean, terminal: Terminal): void {
  for (const { component, changedHere } of app)
    terminal.print(`would go   ${component}${changedHere === true ? ' (changed here)' : ''}`);
  for (const { component } of data) terminal.print(`would go   ${component}, and what it holds`);
  terminal.print(
    'Contacts and appointments stay. Stop the connector first: without its role every notification waits.',
  );
  if (!withData) terminal.print('Our tables and columns stay, with what they hold: `--with-data` takes them too.');
}

async function confirm(host: string, { ask }: Terminal): Promise<void> {
  if (ask === undefined) throw new CommandError('Nothing was changed: repeat with --yes');
  const answer = await ask(`Remove all of this from ${host}? Type ${host} to confirm: `);
  if (answer.trim() !== host) throw new CommandError('Nothing was changed.');
}
