// The name of a referent's link, and the id of its row: the sender gives the pair no id of its own.
import type { Agent, UsagerId } from '../../rdv-solidarites/models.ts';
import { derivedId, nameOf } from '../model/link-names.ts';

const REFERENT_NAMESPACE = '2d9c4b71-6e05-4f3a-9b18-c7a1e5d80f36';

export const referentLink = (usager: UsagerId, agent: Agent['id']) => nameOf('referent', usager, agent);

/** What the names of all referents of a usager begin with. */
export const referentPrefix = (usager: UsagerId) => `${nameOf('referent', usager)}-`;

/** The `rdvs_referentid` of a usager and an agent. */
export const referentRowId = (usager: UsagerId, agent: Agent['id']) =>
  derivedId(referentLink(usager, agent), REFERENT_NAMESPACE);
