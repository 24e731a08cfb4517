// The names of queues and containers: the deployment creates the same ones.

export const NOTIFICATIONS_QUEUE = 'notifications';
export const SNAPSHOTS_QUEUE = 'snapshots';
/** The work items of a comparison: one message at a time. */
export const RECONCILIATION_QUEUE = 'reconciliation';
/** Every queue that a function works on. What watches, renews or empties one does so for all. */
export const QUEUES = [NOTIFICATIONS_QUEUE, SNAPSHOTS_QUEUE, RECONCILIATION_QUEUE] as const;

/** Where the host puts a message of a queue after ten deliveries. */
export const poisonOf = (queue: string) => `${queue}-poison`;
export const POISON_QUEUE = poisonOf(NOTIFICATIONS_QUEUE);

export const BODIES_CONTAINER = 'notification-bodies';
export const QUARANTINE_CONTAINER = 'notification-quarantine';
export const SENDER_CONTAINER = 'sender-connection';
/** Notifications that wait until the département lets the connector write. Nothing empties it by age. */
export const HELD_CONTAINER = 'notification-held';

/** The connection of the bindings: a setting, or the prefix of identity-based settings (Microsoft Learn: "Azure Queue storage bindings"). */
export const STORAGE_CONNECTION = 'NOTIFICATIONS_STORAGE';
