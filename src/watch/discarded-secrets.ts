// Says which secrets are set and cannot be used.
import type { Log } from '../log.ts';
import type { Settings } from '../settings.ts';

/** Logs one line for each secret that is not used, with its place and the reason. */
export function reportDiscardedSecrets({ discardedSecrets }: Pick<Settings, 'discardedSecrets'>, log: Log): void {
  for (const { position, reason } of discardedSecrets) {
    log('error', 'settings.secret-discarded', { secret: position, reason });
  }
}
