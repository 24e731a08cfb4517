// The newest copy of a usager → its contact.
import { type Applied, NOTHING_APPLIED } from '../model/applied.ts';
import { linkId } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { Value } from '../model/values.ts';
import type { Order } from '../model/version.ts';
import { type Filled, fill } from '../rules/fill.ts';
import { linkWrite } from '../rules/link-writes.ts';
import { hashOf, holdsOther, type Reconciled, reconcile, type WantedColumns } from '../rules/reconcile.ts';
import { change, type Draft, isNew, newDraft, presentIn } from './contact-drafts.ts';
import { CONTACT_GROUPS, contactMapping, saidOf } from './contact-mapping.ts';
import { newContactId, usagerLink } from './people-names.ts';
import { responsibleAfter } from './responsibles.ts';
import { handOver, says } from './sharers.ts';
import { nothingFor, presenceContent, type UsagerCase, type UsagerDecision } from './usager-case.ts';
import { afterDeparture } from './usager-presence.ts';

/** Applies the body's copy of the person, and what it says of the usager's presence. */
export function applyCopy(usager: UsagerCase, order: Order): UsagerDecision {
  const { name, link, companions, context } = usager;
  const draft = usager.draft ?? newDraft(newContactId(name, context.stamp.notificationId), usager.usager.id);
  const applied = usager.draft === null ? NOTHING_APPLIED : (link?.applied ?? NOTHING_APPLIED);
  const { wanted, cut, unfit } = wantedOf(usager);
  const changes = changesTo(usager, { draft, wanted, applied });
  const loses = Object.entries(changes.write).some(
    ([column, value]) => value === null && presentIn(draft, column) !== null,
  );
  const { tied: _, ...untied } = applied;
  const after = afterDeparture(usager, change(draft, changes.write), {
    ...untied,
    columns: changes.applied,
    responsible: responsibleAfter(usager.usager, usager.responsible, applied),
    bodies: order.bodies,
  });
  const changed = isNew(draft) || differs(after.draft.write, draft.write) || after.draft.state !== draft.state;
  const decided = nothingFor(usager, changed ? 'applied' : 'unchanged');
  return {
    ...decided,
    record: context.stamp.snapshot
      ? { ...decided.record, corrected: isCorrected(usager, after.draft, wanted) }
      : decided.record,
    contact: draft.id,
    draft: after.draft,
    applied: after.applied,
    asksWhoShares: loses && companions === undefined,
    cut,
    unfit,
    ofOthers: after.forgotten ?? released(usager, { draft, wanted, applied, changes }),
    link: linkWrite(link, {
      name,
      version: order.version,
      contact: draft.id,
      applied: after.applied,
      notificationId: context.stamp.notificationId,
      ...presenceContent(usager),
    }),
  };
}

/** Looked at, not relied on: it is counted, and decides nothing. */
function isCorrected({ context }: UsagerCase, { id, write }: Draft, wanted: WantedColumns): boolean {
  const row = context.glance.contact.get(id);
  return row != null && holdsOther(wanted, (column) => (column in write ? write[column] : row.columns[column]) ?? null);
}

interface Copy {
  readonly draft: Draft;
  readonly wanted: WantedColumns;
  readonly applied: Applied;
}

function changesTo(usager: UsagerCase, { draft, wanted, applied }: Copy): Reconciled {
  const { name, sharers, context } = usager;
  const { responsible } = usager.usager;
  return reconcile({
    wanted,
    present: (column) => {
      // What is wanted follows from the contact of the responsible.
      if (responsible) context.relyOn(linkId(usagerLink(responsible.id)));
      return presentIn(draft, column);
    },
    applied: applied.columns,
    scope: name,
    groups: CONTACT_GROUPS,
    isHeld: (column, present) => sharers.some((other) => says(other, column, present)),
  });
}

/** Hands over to others what this usager wrote, and says no more, and they still say. */
function released(
  { name, sharers }: UsagerCase,
  { draft, wanted, applied, changes }: Copy & { readonly changes: Reconciled },
): readonly Write[] {
  const letGo = Object.keys(wanted).filter(
    (column) =>
      wanted[column] === null &&
      !(column in changes.write) &&
      changes.applied[column] !== applied.columns[column] &&
      applied.columns[column] === hashOf(name, column, presentIn(draft, column)),
  );
  const values = letGo.map((column): [string, Value] => [column, presentIn(draft, column)]);
  return handOver(Object.fromEntries(values), sharers);
}

function wantedOf({ usager, responsible, context }: UsagerCase): Filled {
  const ours = Object.entries(contactMapping).map(([column, value]) => [column, value(usager, responsible)] as const);
  return fill('contact', {
    mapping: context.policy.mapping.contact,
    ours: Object.fromEntries(ours),
    said: (from) => saidOf(usager, from),
  });
}

function differs(after: Draft['write'], before: Draft['write']): boolean {
  return Object.entries(after).some(([column, value]) => before[column] !== value);
}
