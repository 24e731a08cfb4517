// Invented people. No surname is anybody's; telephone numbers are of the ranges that ARCEP keeps for fiction.
import type { Dice } from './random.ts';
import type { UsagerRow } from './rows.ts';

const FIRST_NAMES = [
  ...['Alix', 'Amine', 'Anaïs', 'Aya', 'Camille', 'Chloé', 'Claude', 'Élodie', 'Fatou', 'François', 'Gaël', 'Hélène'],
  ...['Inès', 'Jean-Noël', 'Karim', 'Léa', 'Loïc', 'Maëlle', 'Noël', 'Océane', 'Paul', 'Samira', 'Théo', 'Zoé'],
];
const PLANTS = [
  ...['Aubépine', 'Bruyère', 'Coquelicot', 'Digitale', 'Églantine', 'Fougère', 'Genêt', 'Houblon', 'Iris', 'Jonquille'],
  ...['Lavande', 'Mélisse', 'Nénuphar', 'Origan', 'Pervenche', 'Renoncule', 'Sureau', 'Tilleul', 'Verveine', 'Œillet'],
];
const TOWNS = ['Ville-Test', 'Bourg-Test', 'Hameau-Test', 'Saint-Exemple'];

const DAY_MS = 86_400_000;

export const firstName = (dice: Dice): string => dice.pick(FIRST_NAMES);
export const lastName = (dice: Dice): string => `${dice.pick(PLANTS)}-Test`;
export const fullAddress = (dice: Dice, street: string): string =>
  `${dice.between(1, 120)} ${street}, ${dice.pick(TOWNS)}, 62999, 62, Pas-de-Calais, Hauts-de-France`;

/** A usager; a proche of `responsible` has neither telephone nor address of its own. */
export function inventUsager(dice: Dice, id: number, { at, responsible }: Origin): UsagerRow {
  const age = responsible === undefined ? dice.between(18, 90) : dice.between(0, 17);
  const born = at - age * 365.25 * DAY_MS - dice.between(0, 364) * DAY_MS;
  const reached = responsible === undefined;
  return {
    id,
    first_name: firstName(dice),
    last_name: responsible?.last_name ?? lastName(dice),
    birth_name: dice.happens(0.2) ? lastName(dice) : null,
    birth_date: dice.happens(0.9) ? new Date(born).toISOString().slice(0, 10) : null,
    email: reached && dice.happens(0.7) ? `usager-${id}@example.org` : null,
    phone_number: reached && dice.happens(0.8) ? `063998${String(dice.between(0, 9999)).padStart(4, '0')}` : null,
    address: reached && dice.happens(0.8) ? fullAddress(dice, "Rue de l'Exemple") : null,
    affiliation_number: null,
    responsible_id: responsible?.id ?? null,
    created_at: at - dice.between(0, 700) * DAY_MS,
    deleted_at: null,
  };
}

interface Origin {
  /** Today, ms. */
  readonly at: number;
  readonly responsible?: UsagerRow | undefined;
}
