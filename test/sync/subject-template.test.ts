// A template changes the subjects that are the connector's own, and none that people corrected.
import { expect, test } from 'vitest';
import { makeMotif, makeRdv } from '../../local/rdv-solidarites/make-notification.ts';
import { MemoryDynamics } from './memory-dynamics.ts';

const RDV = 77_001;
const start = (template: string) => {
  const dynamics = new MemoryDynamics();
  const rdv = (second: number, name = 'Suivi-Test') => {
    const motif = makeMotif({ id: 5, name });
    const at = `2026-11-24T09:00:0${second}Z`;
    dynamics.receive({ model: 'Rdv', event: 'updated', data: makeRdv({ motif }), at });
    return dynamics.appointment(RDV)?.['subject'];
  };
  const setTemplate = (text: string) => {
    const row = [...dynamics.rows.keys()].find((key) => key.startsWith('rdvs_motif '));
    dynamics.edit('rdvs_motif', row?.split(' ')[1] ?? '', { rdvs_subject: text });
  };
  rdv(0);
  setTemplate(template);
  rdv(1);
  const correct = (subject: string) => dynamics.edit('appointment', dynamics.appointmentId(RDV), { subject });
  return { rdv, setTemplate, correct };
};

test('one that is ours follows the template', () => {
  const { rdv, setTemplate } = start('RDV {motif}');
  expect(rdv(2)).toBe('RDV Suivi-Test');
  setTemplate('{motif} - {organisation}');
  expect(rdv(3)).toBe('Suivi-Test - MDS de Ville-Test');
});

test.each(['{motif}', '{motif} - {organisation}'])('one that people corrected stays when it becomes %s', (template) => {
  const { rdv, setTemplate, correct } = start('RDV {motif}');
  correct('Corrigé');
  setTemplate(template);
  expect(rdv(2)).toBe('Corrigé');
  expect(rdv(3)).toBe('Corrigé');
});

test('until the sender says something else', () => {
  const { rdv, setTemplate, correct } = start('RDV {motif}');
  correct('Corrigé');
  setTemplate('{motif}');
  rdv(2);
  expect(rdv(3, 'Atelier-Test')).toBe('Atelier-Test');
});

test('also where the first template comes after the correction', () => {
  const { rdv, setTemplate, correct } = start('{motif}');
  correct('Corrigé');
  setTemplate('RDV {motif}');
  expect(rdv(2)).toBe('Corrigé');
});
