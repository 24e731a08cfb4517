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
  program
    .command('calendar')
    .description("print an agent's calendar in Dynamics as iCalendar: personal data")
    .requiredOption('--agent <email>', 'e-mail of the agent, as Dynamics has it')
    .option('--from <day>', 'first day, 2026-01-05 (default: today)', toDay)
    .option('--to <day>', `last day, included (default: ${USUAL_DAYS} days from the first)`, toDay)
    .action(async ({ agent, from: first = Temporal.Now.plainDateISO(PARIS), to }: CalendarOptions) => {
      const last = to ?? first.add({ days: USUAL_DAYS - 1 });
      if (Temporal.PlainDate.compare(last, first) < 0) throw new CommandError('--to: expected a day after --from');
      const calls = openCalls(readDataverseAccess(terminal.environment).dataverse);
      const [user, ...others] = await findUsers(calls, agent);
      if (user === undefined) throw new CommandError('--agent: no enabled user of Dynamics has this e-mail');
      if (others.length > 0) throw new CommandError('--agent: several enabled users of Dynamics have this e-mail');
      // Days are counted in the sender's time zone.
      const midnight = (day: Temporal.PlainDate) => toInstant(day.toPlainDateTime(), PARIS);
      const span = { from: midnight(first), to: midnight(last.add({ days: 1 })) };
      terminal.print(toICalendar(await readCalendar(calls, user, span), new Date()));
    });
}

function toDay(text: string): Temporal.PlainDate {
  const day = parseDate(text);
  if (day === undefined) throw new InvalidArgumentError('expected a day such as 2026-01-05');
  return Temporal.PlainDate.from(day);
}
