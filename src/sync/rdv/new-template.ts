// A new template of the subject is no new word of the sender: what people corrected stays.
import { asSaidOnly, hashOf, type WantedColumns } from '../rules/reconcile.ts';
import type { RdvCase } from './rdv-case.ts';

/** The place of the template among the remembered columns; the usual one leaves none. */
const TEMPLATE = 'template';
const USUAL = '{motif}';

type Hashes = Readonly<Record<string, string>>;

const markOf = ({ name }: RdvCase, template: string) =>
  template === USUAL ? undefined : hashOf(name, TEMPLATE, template);

/** What was applied before; under a new template, a subject that people corrected counts as said. */
export function underTemplate(
  rdv: RdvCase,
  template: string,
  given: { wanted: WantedColumns; applied: Hashes },
): Hashes {
  const { wanted, applied } = given;
  const { name, row } = rdv;
  const { subject: said } = wanted;
  const { subject: before } = applied;
  if (row === null || said == null || before === undefined || applied[TEMPLATE] === markOf(rdv, template))
    return applied;
  const isOurs = before === hashOf(name, 'subject', row.columns['subject'] ?? null);
  return isOurs ? applied : { ...applied, subject: asSaidOnly(hashOf(name, 'subject', said)) };
}

/** What the link remembers, where the body says something of the subject. */
export function rememberTemplate(
  rdv: RdvCase,
  template: string,
  given: { wanted: WantedColumns; applied: Hashes },
): Hashes {
  if (given.wanted['subject'] === undefined) return given.applied;
  const { [TEMPLATE]: _, ...others } = given.applied;
  const mark = markOf(rdv, template);
  return mark === undefined ? others : { ...others, [TEMPLATE]: mark };
}
