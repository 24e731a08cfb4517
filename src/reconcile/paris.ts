// When a night's comparison may run: by the clock of Paris, whatever the host's zone.
import { Temporal } from 'temporal-polyfill';

const PARIS = 'Europe/Paris';
/** A night that the host slept through is made up for within this, in minutes. */
const LATEST_MINUTES = 6 * 60;
const MINUTE_MS = 60_000;

/** When the sender purges and anonymises (config/initializers/good_job.rb): lists change under the reader. In minutes of the day. */
const QUIET = [
  { from: 0, to: 30 },
  { from: 3 * 60, to: 4 * 60 },
  { from: 21 * 60 + 30, to: 24 * 60 },
] as const;

/** A time of the day, in minutes since midnight. @param text as `04:30` */
export function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

const inParis = (now: number) => Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(PARIS);

/**
 * The night that is to be compared now: a date of Paris; undefined when none is due.
 *
 * @param at minutes since midnight; @param last the night that was begun last
 */
export function dueNight(now: number, at: number, last: string | null): string | undefined {
  const here = inParis(now);
  const minutes = here.hour * 60 + here.minute;
  const since = (minutes - at + 24 * 60) % (24 * 60);
  // By the calendar: on the night that the clocks change, the minutes of the day are not those that went by.
  const night = here
    .toPlainDate()
    .subtract({ days: minutes < at ? 1 : 0 })
    .toString();
  const isDue = since < LATEST_MINUTES && quietFor(now) === 0;
  // After a change of clocks the same night keeps its date.
  return isDue && (last === null || night > last) ? night : undefined;
}

/** How long the sender's own work goes on, in ms; 0 outside its hours. */
export function quietFor(now: number): number {
  const { hour, minute, second } = inParis(now);
  const minutes = hour * 60 + minute;
  const quiet = QUIET.find(({ from, to }) => from <= minutes && minutes < to);
  if (quiet === undefined) return 0;
  const left = (quiet.to - minutes) * MINUTE_MS - second * 1000;
  // The evening's hours go on after midnight.
  return quiet.to === 24 * 60 ? left + QUIET[0].to * MINUTE_MS : left;
}
