// The checks of the health function: whether the connector reaches what it needs.

import { openDataverse } from '../dataverse/access.ts';
import { openCalls } from '../dataverse/calls.ts';
import { selectOf } from '../dataverse/tables.ts';
import { openOnce } from '../open-once.ts';
import { tables } from '../schema/tables.ts';
import type { Settings } from '../settings.ts';
import { openStorage } from '../storage/clients.ts';
import { NOTIFICATIONS_QUEUE } from '../storage/names.ts';
import type { Checks } from './health.ts';

/** Its checks of Dataverse go at the same time. */
const CHECKS_OF_DATAVERSE = 2;

/** The checks of a running app, by name. */
export function checksOf(settings: Settings): Checks {
  const dataverse = openDataverse(settings.dataverse, { places: CHECKS_OF_DATAVERSE });
  const storage = openOnce(() => openStorage(settings.storage));
  return {
    secrets: async () => {
      const { common, bySource } = settings.secrets;
      if (common.length === 0 && [...bySource.values()].flat().length === 0) throw new Error('no usable secret');
      if (settings.discardedSecrets.length > 0) throw new Error('a secret is set but cannot be used');
    },
    queue: async () => (await storage()).queues.getQueueClient(NOTIFICATIONS_QUEUE).getProperties(),
    dataverse: () => openCalls(dataverse).run((api) => api.callFunction('WhoAmI')),
    schema: () => {
      const select = selectOf('rdvs_link', dataverse.mapped);
      return openCalls(dataverse).run((api) =>
        api.retrieveMultiple({ collection: tables.rdvs_link.entitySet, select, top: 1 }),
      );
    },
  };
}
