import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { disordered, history, inOrder, type Sent } from './histories.ts';
import { MemoryDynamics } from './memory-dynamics.ts';

const TEAM = '00000000-0000-4000-9000-0000000000aa';

/** Some values are cut, and some do not fit. */
const MAPPING = JSON.stringify({
  contact: {
    cd62_choix: { from: 'birth_name', type: 'choice', values: { 'Valeur-Test-1': 1, 'Valeur-Test-2': 2 } },
    cd62_nombre: { from: 'phone_number', type: 'whole', maximum: 639_980_002 },
    cd62_texte: { from: 'first_name', type: 'text', maxLength: 12 },
    cd62_mail: { from: 'email', type: 'memo', maxLength: 100 },
    emailaddress1: false,
  },
  appointment: {
    cd62_debut: { from: 'starts_at', type: 'datetime' },
    cd62_statut: { from: 'status', type: 'choice', values: { seen: 1, excused: 2 } },
    rdvs_status: false,
  },
});

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);

function stateAfter(deliveries: readonly Sent[], policies: Record<string, string>) {
  const dynamics = new MemoryDynamics(policies);
  for (const agent of [5, 6]) dynamics.addUser(`agent-${agent}@example.org`);
  for (const delivery of deliveries) dynamics.deliver(delivery);
  return dynamics.state();
}

const shownTogether = history.chain((sent) => disordered(sent).map((deliveries) => ({ sent, deliveries })));

describe('whatever arrives, in whatever order, Dynamics ends as if the history had been read once', () => {
  test.each<Record<string, string>>([
    {},
    { ON_RDV_DESTROYED: 'delete', ON_RGPD: 'keep', ON_USAGER_REMOVED: 'deactivate' },
    { ON_RGPD: 'delete', AGENT_AS_ORGANIZER: 'true', AGENTS_AS_ATTENDEES: 'true', DEFAULT_OWNER_TEAM: TEAM },
    { RDV_SUBJECT: '{motif} - {usagers} ({initiales}), {organisation}', DEFAULT_OWNER_TEAM: TEAM },
    { MAPPING, ON_USAGER_REMOVED: 'deactivate' },
  ])('with the policies %j', (policies) => {
    fc.assert(
      fc.property(shownTogether, ({ sent, deliveries }) => {
        expect(stateAfter(deliveries, policies)).toEqual(stateAfter(inOrder(sent), policies));
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
