// Decides part by part, without any call: created when it is absent, brought to its definition while nobody changed it, else kept.

import type { CurrentApp, FoundPart } from './current-app.ts';
import { KINDS, type Part, parts } from './parts.ts';
import { fingerprint } from './xml.ts';

export type PartChange = 'create' | 'update' | 'keep' | 'nothing';

export interface PartStep {
  readonly part: Part;
  readonly change: PartChange;
  /** The fingerprint of what the definition says today. */
  readonly definition: string;
  /** That of the row, when there is one. */
  readonly row: string | undefined;
  readonly found: FoundPart | undefined;
}

export interface AppPlan {
  readonly current: CurrentApp;
  readonly steps: readonly PartStep[];
}

/** @param restored ids of parts that are brought to their definition whatever people made of them */
export function planApp(current: CurrentApp, restored: ReadonlySet<string> = new Set()): AppPlan {
  return { current, steps: parts.map((part) => planPart(current, part, restored.has(part.id))) };
}

function planPart({ setting, found, memory }: CurrentApp, part: Part, restored: boolean): PartStep {
  const content = part.content(setting);
  const definition = fingerprint(KINDS[part.kind].follows.map((column) => content[column] ?? ''));
  const existing = found.get(part.id);
  if (existing === undefined) return { part, change: 'create', definition, row: undefined, found: undefined };
  const row = fingerprint(existing.texts);
  const written = memory.get(part.id);
  const step = { part, definition, row, found: existing };
  if (row === definition) return { ...step, change: 'nothing' };
  if (restored) return { ...step, change: 'update' };
  if (written?.row !== row) return { ...step, change: 'keep' };
  // Dataverse gave back another text than it was given, and nobody changed it since.
  return { ...step, change: written.definition === definition ? 'nothing' : 'update' };
}

/** The parts that people changed. */
export const keptOf = ({ steps }: AppPlan): readonly Part[] =>
  steps.filter(({ change }) => change === 'keep').map(({ part }) => part);
