// Checks settings of the environment that change what users or beneficiaries will see.

import * as z from 'zod';
import type { Languages } from '../../provision/definitions.ts';
import { readPublishedRules } from '../../provision/duplicate-rules.ts';
import { listOf, type Read } from '../../provision/read.ts';
import type { Policy } from '../../sync/model/policy.ts';
import { type Finding, type Flaw, ok, warning } from './finding.ts';

const FRENCH = 1036;

export function checkLanguage({ base, provisioned }: Languages): readonly Finding[] {
  const subject = { en: 'language', fr: 'langue' };
  if (base === FRENCH) {
    return [ok(subject, { en: 'French is the base language', fr: 'le français est la langue de base' })];
  }
  if (provisioned.includes(FRENCH)) {
    const good = {
      en: `base language ${base}, with labels in French too`,
      fr: `langue de base ${base}, avec aussi des libellés en français`,
    };
    return [ok(subject, good)];
  }
  return [
    warning(subject, {
      message: {
        en: `base language ${base}, and French is not enabled: tables, columns and views are labelled in English`,
        fr: `langue de base ${base}, et le français n’est pas activé : tables, colonnes et vues ont des libellés en anglais`,
      },
      remedy: {
        en: 'enable French in the Power Platform admin centre (environment, Settings, Languages), and translate them',
        fr: 'activez le français dans le centre d’administration Power Platform (environnement, Paramètres, Langues), et traduisez-les',
      },
    }),
  ];
}

/** The Web API looks for duplicates only when asked to (Microsoft Learn, "Detect duplicate data using Web API"). */
export async function checkDuplicates(read: Read): Promise<readonly Finding[]> {
  const subject = { en: 'duplicate detection', fr: 'détection des doublons' };
  const published = await readPublishedRules(read, ['contact']);
  const organizations = listOf({ isduplicatedetectionenabled: z.boolean().nullish() });
  const settings = await read(organizations, (api, signal) =>
    api.retrieveMultiple({ collection: 'organizations', select: ['isduplicatedetectionenabled'], signal }),
  );
  const enabled = settings.value[0]?.isduplicatedetectionenabled === true;
  if (enabled && published.length > 0) {
    const good = {
      en: `${published.length} published rules on contacts: they warn users, and never stop the connector`,
      fr: `${published.length} règles publiées sur les contacts : elles avertissent les utilisateurs, sans jamais arrêter le connecteur`,
    };
    return [ok(subject, good)];
  }
  return [warning(subject, published.length === 0 ? NO_RULE : TURNED_OFF)];
}

const NO_RULE: Flaw = {
  message: { en: 'no published rule for contacts', fr: 'aucune règle publiée pour les contacts' },
  remedy: {
    en: 'publish a rule for contacts (Power Platform admin centre, Settings, Data management), so that people who type are warned',
    fr: 'publiez une règle pour les contacts (centre d’administration Power Platform, Paramètres, Gestion des données), pour avertir qui saisit',
  },
};

const TURNED_OFF: Flaw = {
  message: { en: 'turned off in this environment', fr: 'désactivée dans cet environnement' },
  remedy: {
    en: 'turn it on (Power Platform admin centre, Settings, Data management), so that people who type are warned',
    fr: 'activez-la (centre d’administration Power Platform, Paramètres, Gestion des données), pour avertir qui saisit',
  },
};

/** Microsoft Learn, "Mailbox table/entity reference": ACTDeliveryMethod, ACTStatus. */
const SERVER_SIDE = 1;
const SUCCESS = 1;

/**
 * Exchange invites the attendees of an appointment whose organizer synchronises (Microsoft Learn, "Synchronization logic
 * for appointments, contacts, and tasks").
 */
export async function checkMailboxes(read: Read, { agentAsOrganizer }: Policy): Promise<readonly Finding[]> {
  const subject = 'Exchange';
  if (!agentAsOrganizer)
    return [
      ok(subject, {
        en: 'RDV have no organizer: no beneficiary is invited by e-mail',
        fr: 'les RDV n’ont pas d’organisateur : aucun usager n’est invité par courriel',
      }),
    ];
  const { value } = await read(listOf({ mailboxid: z.string() }), (api, signal) =>
    api.retrieveMultiple({
      collection: 'mailboxes',
      select: ['mailboxid'],
      filter: `actdeliverymethod eq ${SERVER_SIDE} and actstatus eq ${SUCCESS}`,
      signal,
    }),
  );
  if (value.length === 0)
    return [
      ok(subject, {
        en: 'no mailbox synchronises appointments',
        fr: 'aucune boîte aux lettres ne synchronise les rendez-vous',
      }),
    ];
  return [
    warning(subject, {
      message: {
        en: `AGENT_AS_ORGANIZER is on and ${value.length} mailboxes synchronise: beneficiaries get invitations by e-mail`,
        fr: `AGENT_AS_ORGANIZER est activé et ${value.length} boîtes aux lettres synchronisent : les usagers reçoivent des invitations par courriel`,
      },
      remedy: {
        en: 'set AGENT_AS_ORGANIZER=false, or leave appointments of RDV-Solidarités out of the synchronisation filters',
        fr: 'mettez AGENT_AS_ORGANIZER=false, ou écartez les rendez-vous de RDV-Solidarités des filtres de synchronisation',
      },
    }),
  ];
}
