// Which record a quarantined body is about: its model and ids, read from whatever is there. Never a text of the body.
import * as z from 'zod';
import { MODELS, type ModelName } from '../rdv-solidarites/models.ts';

/** What an incident says of its record. */
export interface IncidentRecord {
  /** As links are named: `rdv-77`, `usager-12`, `profile-12-7`, `referent-12-5`. */
  readonly name?: string;
  readonly model?: ModelName;
  readonly organisation?: string;
}

const PREFIX: Readonly<Record<ModelName, string>> = {
  Rdv: 'rdv',
  User: 'usager',
  UserProfile: 'profile',
  Absence: 'absence',
  PlageOuverture: 'plage',
  Organisation: 'organisation',
  Motif: 'motif',
  Lieu: 'lieu',
  Agent: 'agent',
  AgentRole: 'agent-role',
  ReferentAssignation: 'referent',
};

const id = z.int().positive().optional().catch(undefined);
const named = z.object({ id }).optional().catch(undefined);
const body = z.object({
  meta: z.object({ model: z.string() }),
  data: z.object({ id, organisation: named, user: named, agent: named }),
});

/** Reads what can be read of a body; nothing of one that is no notification. Never throws. */
export function recordOf(bytes: Uint8Array): IncidentRecord {
  const read = body.safeParse(parseJson(bytes));
  if (!read.success) return {};
  const { meta, data } = read.data;
  if (!isModel(meta.model)) return {};
  const organisation = meta.model === 'Organisation' ? data.id : data.organisation?.id;
  const ids = idsOf(meta.model, { ...data, organisation: { id: organisation } });
  const known = ids.every((one) => one !== undefined);
  return {
    model: meta.model,
    ...(known ? { name: [PREFIX[meta.model], ...ids].join('-') } : {}),
    ...(organisation === undefined ? {} : { organisation: String(organisation) }),
  };
}

function idsOf(model: ModelName, { id, user, organisation, agent }: z.infer<typeof body>['data']) {
  if (model === 'UserProfile') return [user?.id, organisation?.id];
  return model === 'ReferentAssignation' ? [user?.id, agent?.id] : [id];
}

const isModel = (name: string): name is ModelName => Object.hasOwn(MODELS, name);

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
