// A log line as a person reads it on a terminal.
import type { HostLogLine } from './functions-host/host.ts';

/** What says nothing: absent, zero, empty. */
const isQuiet = (value: unknown) => value === 0 || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * One line: the time of this machine, what happened, then its fields. Of an event, fields that are zero or empty are left out.
 *
 * @returns undefined for what the host says of itself when nothing is wrong
 */
export function readable(
  { level, category, functionName = 'host', message }: HostLogLine,
  at: Date,
): string | undefined {
  if (category === 'host' && level === 'information') return undefined;
  const time = at.toTimeString().slice(0, 8);
  const mark = ['warning', 'error', 'critical'].includes(level) ? '!' : ' ';
  const event = eventIn(message);
  if (event === undefined) return `${time} ${mark} ${functionName}: ${message.replaceAll('\n', ' ')}`;
  const { event: name, ...fields } = event;
  const shown = Object.entries(fields).filter(([, value]) => !isQuiet(value));
  return `${time} ${mark} ${String(name).padEnd(24)} ${shown.map(([key, value]) => `${key} ${textOf(value)}`).join(', ')}`.trimEnd();
}

const textOf = (value: unknown) => (Array.isArray(value) ? value.join(' ') : String(value));

/** The event of our own lines, which are JSON objects. */
function eventIn(message: string): Record<string, unknown> | undefined {
  if (!message.startsWith('{"event":')) return undefined;
  return JSON.parse(message);
}

/** For programs: the line as the functions wrote it, after the name of the function. */
export function machineReadable({ level, category, functionName = 'host', message }: HostLogLine): string | undefined {
  if (category === 'host' && level === 'information') return undefined;
  return `${functionName}  ${category === 'host' ? `${level}: ` : ''}${message.replaceAll('\n', ' ')}`;
}
