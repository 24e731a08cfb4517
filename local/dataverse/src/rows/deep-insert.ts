// A row created together with rows that it points to and rows that point to it.
// Microsoft Learn, "Create a table row", "Create related table rows in one operation": at creation only.

import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import type { Row, Value } from '../store/row.ts';
import type { Changes } from './changes.ts';
import { createRow } from './write.ts';

export function createDeep(organization: Organization, table: Table, changes: Changes): Row {
  const values: Record<string, Value> = { ...changes.values };
  const related = changes.related ?? [];
  for (const { relationship, end, ...inner } of related) {
    if (end === 'one') values[relationship.column] = refTo(createDeep(organization, inner.table, inner.changes));
  }
  const row = createRow(organization, table, { ...changes, values });
  for (const { relationship, end, ...inner } of related) {
    if (end === 'one') continue;
    const tied = { ...inner.changes.values, [relationship.column]: refTo(row) };
    createDeep(organization, inner.table, { ...inner.changes, values: tied });
  }
  return row;
}

const refTo = ({ table, id }: Row): Value => ({ table, id });
