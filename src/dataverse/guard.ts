// A fence around dynamics-web-api: what it throws outside of any promise becomes a rejection.
import { create } from 'node:domain';

/**
 * Runs one exchange so that it can neither crash the process nor throw unseen.
 *
 * dynamics-web-api 2.5.0 parses answers in an event handler: broken JSON behind a 200, or a batch part without a status
 * line, throws there, where no promise catches it. A domain is the one thing in Node that ties such an error to the
 * exchange that caused it; its documentation advises against domains for want of a replacement, and names none.
 */
export function guarded<T>(exchange: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const fence = create();
    fence.on('error', reject);
    fence.run(() => {
      exchange().then(resolve, reject);
    });
  });
}
