// The one door of row operations: every read and write of a row on behalf of a client passes here before it happens.

import type { Organization } from '../organization.ts';
import type { Ref } from '../store/store.ts';

export interface RowOperation {
  readonly action: 'create' | 'read' | 'update' | 'delete' | 'assign' | 'append' | 'merge';
  readonly row: Ref;
}

/**
 * Lets the operation through. A refusal (missing privilege, service protection limit) is a thrown DataverseError; a wait
 * for another transaction's lock would also begin here, because a row is named before it is touched.
 */
export function admit(organization: Organization, operation: RowOperation): void {
  organization.admission?.(operation);
}
