// In-app notifications, one row a recipient, in the form of tables/*.json.
// Microsoft Learn, "Send in-app notifications within model-driven apps"; lengths of title and body are an [inference].

import { column, table, text } from './small-tables.ts';
import type { TableFile } from './table-file.ts';

export const appNotification: TableFile = table('appnotification', {
  ownership: 'UserOwned',
  primaryNameAttribute: 'title',
  columns: [
    text('Title', 100),
    column('Body', 'Memo', { maxLength: 2000 }),
    column('IconType', 'Picklist', {
      options: {
        100000000: 'Info',
        100000001: 'Success',
        100000002: 'Failure',
        100000003: 'Warning',
        100000004: 'Mention',
        100000005: 'Custom',
      },
      default: 100000000,
    }),
    column('ToastType', 'Picklist', { options: { 200000000: 'Timed', 200000001: 'Hidden' }, default: 200000000 }),
    column('TTLInSeconds', 'Integer', { min: 0, max: 2_147_483_647 }),
    column('Data', 'Memo', { maxLength: 5000 }),
    column('OwnerId', 'Owner', { targets: ['systemuser', 'team'], required: 'SystemRequired' }),
  ],
  manyToOne: [
    {
      column: 'ownerid',
      navigationProperty: 'ownerid',
      target: 'owner',
      targetAttribute: 'ownerid',
      relationship: 'owner_appnotifications',
      onDelete: 'NoCascade',
    },
  ],
});
