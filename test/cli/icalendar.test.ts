// What is typed in Dynamics stays inside its property of the iCalendar text.
import { randomUUID } from 'node:crypto';
import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { toICalendar } from '../../src/cli/icalendar.ts';
import { appointmentStates } from '../../src/schema/standard-columns.ts';

const NOW = new Date('2026-11-24T12:00:00Z');

function written(text: string): string {
  const item = { id: randomUUID(), subject: text, location: text, start: NOW, end: NOW, ...appointmentStates.open };
  return toICalendar([item], NOW);
}

describe('a text in an iCalendar file', () => {
  test.each([
    ['RDV\rATTACH:https://example.org', 'RDV\nATTACH:https://example.org'],
    ['RDV\r\nATTACH:https://example.org', 'RDV\nATTACH:https://example.org'],
    ['RDV\r\r\nX:1\n\rY:2', 'RDV\n\nX:1\n\nY:2'],
    ['a\u0000b\u001b[2Jc\u007f\td', 'ab[2Jc\td'],
    ['Été, 😀 ; fin', 'Été, 😀 ; fin'],
  ])('%j begins no line of its own', (text, meant) => {
    const file = written(text);
    expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(file).not.toMatch(/^(ATTACH|X|Y):/m);
    const event = new ICAL.Component(ICAL.parse(file)).getFirstSubcomponent('vevent');
    expect(event?.getFirstPropertyValue('summary')).toBe(meant);
    expect(event?.getFirstPropertyValue('location')).toBe(meant);
  });
});
