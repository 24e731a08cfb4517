// What an administrator does about a failure of the sender's API.

import type { SenderFailure } from '../../rdv-solidarites/api/failure.ts';
import type { Text } from '../text.ts';

const CONSENT: Readonly<Record<string, Text>> = {
  'not-connected': { en: 'not connected', fr: 'aucune connexion' },
  'connected-elsewhere': {
    en: 'connected to another instance or application than SENDER_URL and SENDER_CLIENT_ID say',
    fr: 'relié à une autre instance ou application que celle de SENDER_URL et SENDER_CLIENT_ID',
  },
  'tokens-not-stored': {
    en: 'new tokens could not be stored, and the former ones are spent',
    fr: 'les nouveaux jetons n’ont pas pu être enregistrés, et les anciens ne valent plus',
  },
  invalid_grant: {
    en: 'RDV-Solidarités no longer takes the stored tokens',
    fr: 'RDV-Solidarités n’accepte plus les jetons enregistrés',
  },
};

export function hintForSender({ kind, code, status, fields = [] }: SenderFailure): Text {
  const consent = CONSENT[code];
  switch (kind) {
    case 'consent':
      return consent === undefined
        ? {
            en: 'SENDER_URL: the sign-in was refused; is it right, and are SENDER_CLIENT_ID and SENDER_CLIENT_SECRET?',
            fr: 'SENDER_URL : la connexion est refusée ; ce réglage, SENDER_CLIENT_ID et SENDER_CLIENT_SECRET sont-ils justes ?',
          }
        : {
            en: `RDV-Solidarités: ${consent.en}: run \`sender connect\``,
            fr: `RDV-Solidarités : ${consent.fr} : lancez \`sender connect\``,
          };
    case 'forbidden':
      return {
        en: 'RDV-Solidarités: this account lacks the right; see `sender status`',
        fr: 'RDV-Solidarités : ce compte n’en a pas le droit ; voir `sender status`',
      };
    case 'refused':
    case 'absent':
      return {
        en: `RDV-Solidarités refused the request (${[code, ...fields].join(', ')})`,
        fr: `RDV-Solidarités a refusé la requête (${[code, ...fields].join(', ')})`,
      };
    case 'unreadable':
      return {
        en: `RDV-Solidarités: an answer of an unknown form (${code}); is SENDER_URL right?`,
        fr: `RDV-Solidarités : une réponse de forme inconnue (${code}) ; SENDER_URL est-il juste ?`,
      };
    case 'unavailable': {
      const answer = status === undefined ? code : `${status}, ${code}`;
      return {
        en: `SENDER_URL: no usable answer (${answer}); is it right, and is RDV-Solidarités up?`,
        fr: `SENDER_URL : pas de réponse utilisable (${answer}) ; est-il juste, RDV-Solidarités répond-il ?`,
      };
    }
  }
}
