// How parts are named, for their ids.

import { idOf } from './ids.ts';

export const chartPart = (table: string, name: string): string => `chart ${table} ${name}`;

/** Views of the first release have ids of their own. */
const FIRST: Readonly<Record<string, string>> = {
  'appointment coming': 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c01',
  'appointment today': 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c02',
  'appointment cancelled': 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c03',
  'contact usagers': 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c04',
  'rdvs_link left': 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c05',
  'rdvs_link recent': 'c1a5e6d0-4b0f-4c7a-9f10-2d8e6b3a7c06',
};

export const viewId = (table: string, name: string): string =>
  FIRST[`${table} ${name}`] ?? idOf(`view ${table} ${name}`);
