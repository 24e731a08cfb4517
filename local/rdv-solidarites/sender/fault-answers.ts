// What a fault does, to the answer or to the rows.
import type { Answer } from '../api/answer.ts';
import type { Store } from '../records/store.ts';
import type { ActiveFault } from './faults.ts';

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };

/** The whole answer of a fault; undefined for kinds that let the API work. */
export function faultAnswer(fault: ActiveFault, now: number): Answer | undefined {
  switch (fault.kind) {
    case '302':
      // The present responder of rack-attack.
      return { status: 302, headers: { Location: '/500.html', ...HTML }, body: '' };
    case '429': {
      const headers = { 'RateLimit-Limit': '50', 'RateLimit-Remaining': '0', 'Retry-After': `${fault.retryAfter}` };
      const reset = `${Math.floor(now / 1000) + fault.retryAfter}`;
      return { status: 429, headers: { ...headers, 'RateLimit-Reset': reset }, body: { errors: ['Limite atteinte'] } };
    }
    case '500':
      return { status: 500, body: { errors: ['Unexpected internal error'] } };
    case 'html':
      return { status: 200, headers: HTML, body: '<!DOCTYPE html><html><body><h1>Maintenance</h1></body></html>' };
    default:
      return undefined;
  }
}

/** What happens in the database before the request is read. Nothing of it is announced. */
export function disturb(store: Store, fault: ActiveFault): void {
  if (fault.kind === 'fail-over') store.loseLast(fault.seconds * 1000);
  if (fault.kind === 'lose-right') {
    for (const role of [...store.roles.values()]) {
      const its = (wanted: number | undefined, value: number) => wanted === undefined || wanted === value;
      if (its(fault.agent, role.agent_id) && its(fault.organisation, role.organisation_id)) store.roles.remove(role.id);
    }
  }
  const [rdv] =
    fault.organisation === undefined ? store.rdvs.values() : store.rdvs.where('organisation_id', fault.organisation);
  if (rdv === undefined) return;
  if (fault.kind === 'remove-rdv') store.rdvs.remove(rdv.id);
  if (fault.kind === 'add-rdv') {
    const participations = rdv.participations.map((one) => ({ ...one, id: store.nextId() }));
    store.rdvs.put({ ...rdv, id: store.nextId(), participations });
  }
}
