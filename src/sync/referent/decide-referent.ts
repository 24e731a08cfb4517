// ReferentAssignation: an agent follows a usager. Its row stands while the newest snapshot says so.
import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import { schema } from '../../schema/schema.ts';
import type { Context } from '../model/context.ts';
import type { Guid } from '../model/link-names.ts';
import type { RecordDecision, Write } from '../model/plan.ts';
import type { Row } from '../model/rows.ts';
import type { Columns, Reference } from '../model/values.ts';
import type { PeopleDecision } from '../people/decide-people.ts';
import { namesOf, userOfAgent } from '../rules/agents.ts';
import { cutTo } from '../rules/fit.ts';
import { decidePair } from '../rules/pairs.ts';
import { sameValue } from '../rules/reconcile.ts';
import { referentLink, referentRowId } from './referent-names.ts';

type Assignation = NotificationOf<'ReferentAssignation'>['data'];

export interface ReferentDecision {
  readonly record: RecordDecision;
  readonly writes: readonly Write[];
  readonly cut: readonly string[];
}

/**
 * Decides about a referent. Nobody follows a person who was anonymised, or whom Dynamics does not have.
 *
 * The row is looked at and not relied on, as participations are: it changes with its link alone, whose version is a
 * condition.
 */
export function decideReferent(
  { data, event }: NotificationOf<'ReferentAssignation'>,
  people: Pick<PeopleDecision, 'contactOf'>,
  context: Context,
): ReferentDecision {
  const { user, agent } = data;
  const name = referentLink(user.id, agent.id);
  const pair = decidePair({ name, link: context.known.links.get(name) ?? null, event }, context.stamp);
  if (!pair.isNewer) return { record: pair.record, writes: pair.link, cut: [] };
  const id = referentRowId(user.id, agent.id);
  const row = context.glance.rdvs_referent.get(id) ?? null;
  const contact = event === 'destroyed' || isAnonymised(user) ? null : people.contactOf(user.id);
  if (contact == null) return { record: pair.record, writes: [...pair.link, ...removal(row)], cut: [] };
  const { columns, cut } = columnsOf(data, contact, context);
  return { record: pair.record, writes: [...pair.link, ...writeRow(id, row, { columns, context })], cut };
}

function columnsOf({ user, agent }: Assignation, contact: Guid, { known }: Context) {
  const { rdvs_agent } = schema.tables.rdvs_referent.columns;
  const names = cutTo(rdvs_agent.maxLength, namesOf([agent]));
  const account = userOfAgent(agent, known);
  const columns: Columns = {
    rdvs_name: referentLink(user.id, agent.id),
    rdvs_contact: { table: 'contact', id: contact },
    rdvs_user: account === undefined ? null : { table: 'systemuser', id: account },
    rdvs_agent: names.value ?? null,
  };
  return { columns, cut: names.cut ? ['rdvs_referent.rdvs_agent'] : [] };
}

interface Wanted {
  readonly columns: Columns;
  readonly context: Context;
}

function writeRow(id: Guid, row: Row | null, { columns, context }: Wanted): readonly Write[] {
  const changed = Object.entries(columns).filter(([name, value]) => !sameValue(row?.columns[name] ?? null, value));
  if (changed.length === 0) return [];
  // The owner is chosen on create, and again when the agent becomes another user, or no user any more.
  const isChosen = row === null || changed.some(([name]) => name === 'rdvs_user');
  const owner = isChosen ? ownerOf(columns, context) : undefined;
  const written: Columns = { ...Object.fromEntries(changed), ...(owner && { ownerid: owner }) };
  const part = { table: 'rdvs_referent', id, columns: written } as const;
  return [
    row === null
      ? { ...part, operation: 'create', condition: 'absent' }
      : { ...part, operation: 'update', condition: row.etag },
  ];
}

/** The agent, else the team that would own a new contact, else the default team; undefined for the connector itself. */
function ownerOf({ rdvs_user: agent }: Columns, { ownerTeam, policy, refusedAttendance }: Context) {
  const teams = [ownerTeam, policy.defaultOwnerTeam].flatMap((id): readonly Reference[] =>
    id === undefined ? [] : [{ table: 'team', id: id as Guid }],
  );
  return [agent, ...teams].find(
    (one): one is Reference => typeof one === 'object' && one !== null && !refusedAttendance.has(one.id),
  );
}

const removal = (row: Row | null): readonly Write[] =>
  row === null ? [] : [{ table: 'rdvs_referent', id: row.id, operation: 'delete', condition: row.etag, columns: {} }];
