// The one door of row operations: every read and write of a row on behalf of a client passes here before it happens.

import { duplicateRecord } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { RowOperation } from '../store/row-operation.ts';

/**
 * Lets the operation through. A refusal (missing privilege) is a thrown DataverseError; a wait for another transaction's
 * lock also begins here, because a row is named before it is touched.
 */
export function admit(organization: Organization, operation: RowOperation): void {
  organization.admission?.(operation);
  const { action, row } = operation;
  if (action === 'read') return;
  const { store } = organization;
  // An insert that waited for another one fails on the primary key, even when a second look would make it an update.
  const taken = () => (store.get(row.table, row.id) === undefined ? undefined : duplicateRecord());
  store.claim(
    row,
    action === 'append' || action === 'share' ? 'shared' : 'exclusive',
    action === 'create' ? taken : undefined,
  );
}
