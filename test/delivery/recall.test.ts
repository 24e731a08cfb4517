// What memory gives back: all that was asked for, or nothing.
import { describe, expect, test } from 'vitest';
import { makeNotification, makeRdv, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { createMemory } from '../../src/delivery/memory.ts';
import { NOTHING_TO_READ } from '../../src/sync/model/rows.ts';
import { MemoryDynamics } from '../sync/memory-dynamics.ts';

const dynamics = new MemoryDynamics();
dynamics.deliver({
  body: senderJson(makeNotification({ model: 'Rdv', event: 'created', data: makeRdv({ id: 71 }) })),
  receivedAt: Date.parse('2026-11-24T10:00:00Z'),
});
const appointment = dynamics.appointmentId(71);
const link = dynamics.link('rdv-71')?.name;
const request = { ...NOTHING_TO_READ, links: link === undefined ? [] : [link], appointment: [appointment] };
const known = dynamics.read(request);

describe('recall', () => {
  test('gives back what it learnt', () => {
    const memory = createMemory();
    memory.learn(known);
    expect(memory.recall(request)?.appointment.get(appointment)).toEqual(known.appointment.get(appointment));
  });

  test('gives nothing when one row is not remembered: it may well be there', () => {
    const memory = createMemory();
    memory.learn({ ...known, appointment: new Map() });
    expect(memory.recall(request)).toBeUndefined();
  });

  test('gives nothing of rows whose write did not end well', () => {
    const memory = createMemory();
    memory.learn(known);
    memory.forget([{ table: 'appointment', id: appointment, operation: 'update', condition: 'any', columns: {} }]);
    expect(memory.recall(request)).toBeUndefined();
  });
});
