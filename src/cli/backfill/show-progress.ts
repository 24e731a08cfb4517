// How far it is: on a terminal one line that changes, elsewhere a line a minute.
import { KINDS, type Progress } from '../../backfill/progress.ts';
import type { Terminal } from '../terminal.ts';
import type { Text } from '../text.ts';

const EVERY_MS = 60_000;

/** @param now ms since 1970 */
export function showProgress(
  start: Progress,
  { complain, progress }: Pick<Terminal, 'complain' | 'progress'>,
  now: () => number,
): (current: Progress, waiting: number) => void {
  const beganAt = now();
  let saidAt = beganAt;
  return (current, waiting) => {
    const done = readOf(current) - readOf(start);
    const line = describe(current, { waiting, perMinute: (done / Math.max(1, now() - beganAt)) * 60_000 });
    if (progress !== undefined) return progress(line);
    if (now() - saidAt < EVERY_MS) return;
    saidAt = now();
    complain(line);
  };
}

const readOf = ({ counts }: Progress) => KINDS.reduce((sum, kind) => sum + counts[kind].read, 0);

function describe(
  current: Progress,
  { waiting, perMinute }: { readonly waiting: number; readonly perMinute: number },
): Text {
  const read = (sign: string) =>
    KINDS.filter((kind) => current.kinds.includes(kind))
      .map((kind) => {
        const of = current.expected?.[kind];
        return `${kind} ${current.counts[kind].read}${of === undefined ? '' : ` ${sign} ${of}`}`;
      })
      .join(', ');
  const expected = KINDS.reduce((sum, kind) => sum + (current.expected?.[kind] ?? 0), 0);
  const left = Math.max(0, expected - readOf(current));
  const minutes = perMinute > 0 && left > 0 ? Math.ceil(left / perMinute) : undefined;
  const pace = Math.round(perMinute);
  return {
    en: `${read('of')}: ${pace} a minute${minutes === undefined ? '' : `, ${minutes} min left`}; ${waiting} wait for the application`,
    fr: `${read('sur')} : ${pace} par minute${minutes === undefined ? '' : `, encore ${minutes} min`} ; ${waiting} attendent l’application`,
  };
}
