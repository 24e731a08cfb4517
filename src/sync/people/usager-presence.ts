// What a notification says of a usager's presence, with or without its copy of the person.
import type { Applied } from '../model/applied.ts';
import type { Outcome, OutcomeReason, Write } from '../model/plan.ts';
import { linkWrite, orderOfLink } from '../rules/link-writes.ts';
import { type Draft, isNew } from './contact-drafts.ts';
import { applyDeparture, noticeReactivation } from './departure.ts';
import { forget } from './sharers.ts';
import { nothingFor, presenceContent, type UsagerCase, type UsagerDecision } from './usager-case.ts';
import { showPage } from './usager-page.ts';

/** The body's copy is not applied; what it says of the usager's presence is. */
export function applyPresence(
  usager: UsagerCase,
  outcome: Outcome,
  {
    reason,
    order = orderOfLink(usager.link),
  }: { reason?: OutcomeReason | undefined; order?: ReturnType<typeof orderOfLink> },
): UsagerDecision {
  const { link, draft, presence, outlived } = usager;
  const nothing = nothingFor(usager, outcome, reason);
  const ordered = !outlived && (order === undefined || order.bodies === link?.applied.bodies);
  const stays = presence === undefined || (!presence.changes && usager.removedOn === (link?.removedOn ?? null));
  if (ordered && stays) return nothing;
  const before: Applied = { ...usager.remembered, bodies: outlived ? {} : (order?.bodies ?? {}) };
  const after = presence === undefined || draft === null ? undefined : afterDeparture(usager, draft, before);
  // Whatever becomes of the contact, it is there.
  if (after !== undefined) usager.context.relyOn(after.draft.id);
  const applied = after?.applied ?? before;
  return {
    ...nothing,
    draft: after?.draft,
    applied,
    ofOthers: after?.forgotten ?? [],
    link: linkWrite(link, {
      name: usager.name,
      version: order?.version ?? null,
      applied,
      ...(draft === null ? {} : { contact: draft.id }),
      ...presenceContent(usager),
    }),
  };
}

export interface AfterDeparture {
  readonly draft: Draft;
  /** What the link is to remember. */
  readonly applied: Applied;
  /** Links of others that forget the person too; undefined where nobody is forgotten. */
  readonly forgotten?: readonly Write[];
}

/** Only a notification about presence ends it, or a contact that comes after the end. */
export function afterDeparture(usager: UsagerCase, draft: Draft, before: Applied): AfterDeparture {
  const { name, presence, removedOn, others, sharers, context } = usager;
  const { onUsagerRemoved } = context.policy;
  const noticed = noticeReactivation(draft, before);
  if (presence === undefined && !usager.lifted && !isNew(draft)) return { draft, applied: noticed };
  // A contact that somebody else still stands for is left as it is.
  const departed = removedOn !== null && sharers.length === 0;
  const shown = showPage(usager, { draft, applied: noticed });
  const after = applyDeparture(onUsagerRemoved, { ...shown, scope: name, departed, others });
  return departed && onUsagerRemoved === 'anonymise' ? { ...after, forgotten: others.flatMap(forget) } : after;
}
