// Which control a column may have, by class id. The ids are those that exported forms use.

import type { ColumnType } from '../schema/model.ts';

/** Values of systemform.type. */
export const FORM_TYPE = { dashboard: 0, main: 2, quickView: 6, quickCreate: 7, card: 11 } as const;

export const SUB_GRID = 'e7a81278-8635-4d9e-8d4d-59480b391c5b';
export const QUICK_VIEW = '5c5600e0-1d6e-4205-a272-be80da87fd42';
export const TIMELINE = '06375649-c143-495e-a496-c962e5b4488e';

/** Class id → types of columns that it shows. */
export const CONTROLS: Readonly<Record<string, readonly ColumnType[]>> = {
  '4273edbd-ac1d-40d3-9fb2-095c621b552d': ['String'],
  '8c10015a-b339-4982-9474-a95fe05631a5': ['String'],
  'ada2203e-b4cd-49be-9ddf-234642b43b52': ['String'],
  '71716b6c-711e-476c-8ab8-5d11542bfb47': ['String'],
  'e0dece4b-6fc8-4a8f-a065-082708572369': ['Memo'],
  '270bd3db-d9af-4782-9025-509e298dec0a': ['Lookup', 'Owner', 'Customer'],
  'f3015350-44a2-4aa0-97b5-00166532b5e9': ['Lookup'],
  'cbfb742c-14e7-4a17-96bb-1a13f7f64aa2': ['PartyList'],
  '3ef39988-22bb-4f0b-bbbe-64b5a3748aee': ['Picklist'],
  '5d68b988-0661-4db2-bc3e-17598ad3be6c': ['Status'],
  '67fac785-cd58-4f9f-abb3-4b7ddc6ed5ed': ['Boolean'],
  'b0c6723a-8503-4fd7-bb28-c8a06ac933c2': ['Boolean'],
  '5b773807-9fb2-42db-97c3-7a91eff8adff': ['DateTime'],
  'aa987274-ce4e-4271-a803-66164311a958': ['Integer'],
  'c6d124ca-7eda-4a60-aea9-7fb8d318b68f': ['Integer'],
  'c3efe0c3-0ec6-42be-8349-cbd9079dfd8e': ['Decimal', 'Double'],
  [QUICK_VIEW]: ['Lookup', 'Customer'],
};
