// The names of queues and containers: the deployment creates the same ones.

export const NOTIFICATIONS_QUEUE = 'notifications';
export const POISON_QUEUE = 'notifications-poison';
export const BODIES_CONTAINER = 'notification-bodies';
export const QUARANTINE_CONTAINER = 'notification-quarantine';
export const SENDER_CONTAINER = 'sender-connection';

/** The connection of the bindings: a setting, or the prefix of identity-based settings (Microsoft Learn: "Azure Queue storage bindings"). */
export const STORAGE_CONNECTION = 'NOTIFICATIONS_STORAGE';
