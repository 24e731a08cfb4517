// The organisations that a command is about, and the secret and label of each one's webhook.

import { InvalidArgumentError } from 'commander';
import type { Secret, Secrets } from '../../intake/secrets.ts';
import type { Sender } from '../../rdv-solidarites/api/sender.ts';
import { listOrganisations } from './status.ts';

export interface ChosenOrganisation {
  readonly id: number;
  /** Whether the account has a role in it: only then can its records be counted. */
  readonly isOwn: boolean;
}

export function parseOrganisations(text: string): readonly number[] {
  const ids = text.split(',').map((one) => one.trim());
  if (!ids.every((one) => /^[1-9]\d{0,14}$/.test(one))) throw new InvalidArgumentError('expected ids, as 12 or 12,13');
  return [...new Set(ids.map(Number))];
}

/** Those asked for, else all where the account has a role. */
export async function choose(
  sender: Sender,
  asked: readonly number[] | undefined,
): Promise<readonly ChosenOrganisation[]> {
  const own = (await listOrganisations(sender)).map(({ id }) => id);
  return (asked ?? own).map((id) => ({ id, isOwn: own.includes(id) }));
}

/** The label of an organisation in the address of its webhook: one that settings give it, else its id. */
export function sourceOf(
  organisation: number,
  { secrets, sourceOrganisations }: { secrets: Secrets; sourceOrganisations: ReadonlyMap<string, readonly number[]> },
): string {
  const label = `${organisation}`;
  if (secrets.bySource.has(label)) return label;
  const named = [...sourceOrganisations].filter(([, ids]) => ids.includes(organisation)).map(([source]) => source);
  return named.find((source) => secrets.bySource.has(source)) ?? named[0] ?? label;
}

/** The secret that signs what comes from a source from now on: its own, else the common one, never a former one. */
export function secretOf(source: string, secrets: Secrets): Secret | undefined {
  const own = secrets.bySource.get(source) ?? [];
  const current = secrets.common.filter(({ position }) => position === 'RDV_WEBHOOK_SECRET');
  const [first] = [...own, ...current];
  // The same position twice is one secret with and without the blanks around it: the sender is given it without.
  return first === undefined ? undefined : { ...first, value: first.value.trim() };
}
