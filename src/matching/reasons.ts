// What two people have in common, in words for those who decide.
import type { Reason } from './likeness.ts';

const WORDS: Readonly<Record<Reason, string>> = {
  'same-names': 'mêmes noms',
  'names-swapped': 'prénom et nom inversés',
  particle: 'particule',
  'part-of-name': 'une partie du nom de famille',
  'one-letter': 'une lettre de différence',
  'further-first-name': 'un autre prénom en plus',
  'date-same': 'même date de naissance',
  'date-swapped': 'jour et mois inversés',
  'date-one-digit': 'un chiffre de la date de naissance',
  'date-year': 'un an d’écart',
  'date-century': 'un siècle d’écart',
  'date-missing': 'date de naissance absente',
  'same-email': 'même e-mail',
  'same-phone': 'même téléphone',
  'same-address': 'même adresse',
  'other-email-and-phone': 'e-mail et téléphone différents',
  'common-name': 'nom porté par beaucoup de contacts',
};

export const inFrench = (reason: Reason): string => WORDS[reason];
