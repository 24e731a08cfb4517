// `connector calendar`: an agent's calendar as Dynamics has it, as iCalendar, to be compared or opened elsewhere.

import { type Command, InvalidArgumentError } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { openCalls } from '../dataverse/calls.ts';
import { findUsers, readCalendar } from '../dataverse/read-calendar.ts';
import { PARIS, parseDate, toInstant } from '../rdv-solidarites/times.ts';
import { CommandError, readDataverseAccess } from './environment.ts';
import { toICalendar } from './icalendar.ts';
import type { Terminal } from './terminal.ts';

interface CalendarOptions {
  readonly agent: string;
  readonly from?: Temporal.PlainDate;
  readonly to?: Temporal.PlainDate;
}

const USUAL_DAYS = 7;

export function addCalendar(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  program
    .command('calendar')
    .description(
      text({
        en: "print an agent's calendar in Dynamics as iCalendar: personal data",
        fr: 'afficher en iCalendar l’agenda d’un agent dans Dynamics : données personnelles',
      }),
    )
    .requiredOption(
      '--agent <email>',
      text({ en: 'e-mail of the agent, as Dynamics has it', fr: 'adresse électronique de l’agent dans Dynamics' }),
    )
    .option(
      '--from <day>',
      text({
        en: 'first day, 2026-01-05 (default: today)',
        fr: 'premier jour, comme 2026-01-05 (par défaut : aujourd’hui)',
      }),
      toDay(terminal),
    )
    .option(
      '--to <day>',
      text({
        en: `last day, included (default: ${USUAL_DAYS} days from the first)`,
        fr: `dernier jour, inclus (par défaut : ${USUAL_DAYS} jours à partir du premier)`,
      }),
      toDay(terminal),
    )
    .action(async ({ agent, from: first = Temporal.Now.plainDateISO(PARIS), to }: CalendarOptions) => {
      const last = to ?? first.add({ days: USUAL_DAYS - 1 });
      if (Temporal.PlainDate.compare(last, first) < 0)
        throw new CommandError({
          en: '--to: expected a day after --from',
          fr: '--to : attendu, un jour après --from',
        });
      const calls = openCalls(readDataverseAccess(terminal.environment).dataverse);
      const [user, ...others] = await findUsers(calls, agent);
      if (user === undefined)
        throw new CommandError({
          en: '--agent: no enabled user of Dynamics has this e-mail',
          fr: '--agent : aucun utilisateur activé de Dynamics n’a cette adresse',
        });
      if (others.length > 0)
        throw new CommandError({
          en: '--agent: several enabled users of Dynamics have this e-mail',
          fr: '--agent : plusieurs utilisateurs activés de Dynamics ont cette adresse',
        });
      // Days are counted in the sender's time zone.
      const midnight = (day: Temporal.PlainDate) => toInstant(day.toPlainDateTime(), PARIS);
      const span = { from: midnight(first), to: midnight(last.add({ days: 1 })) };
      terminal.print(toICalendar(await readCalendar(calls, user, span), new Date()));
    });
}

const toDay =
  ({ text }: Terminal) =>
  (value: string): Temporal.PlainDate => {
    const day = parseDate(value);
    if (day !== undefined) return Temporal.PlainDate.from(day);
    throw new InvalidArgumentError(
      text({ en: 'expected a day such as 2026-01-05', fr: 'un jour est attendu, comme 2026-01-05' }),
    );
  };
