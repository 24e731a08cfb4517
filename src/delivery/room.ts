// Room for bodies: parsed, one takes several times its length, and an instance may have no more than 512 MB.

export interface Room {
  /**
   * Waits until there is room for so many bytes; who came first goes first. What is longer than the whole room waits
   * until it is empty.
   *
   * @throws the reason of the signal, once that is aborted while it waits
   */
  enter(bytes: number, signal: AbortSignal): Promise<Stay>;
}

export interface Stay {
  /** Takes as much as the body was found to have. */
  correct(bytes: number): void;
  leave(): void;
}

/** Bodies in work at once, in bytes. */
export const ROOM_BYTES = 16_000_000;

export function createRoom(size: number = ROOM_BYTES): Room {
  let free = size;
  const waiting: { readonly bytes: number; readonly enter: () => void }[] = [];
  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && Math.min(next.bytes, size) <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.bytes;
      next.enter();
    }
  };
  const stay = (bytes: number): Stay => {
    let held = bytes;
    const correct = (found: number): void => {
      free += held - found;
      held = found;
      admit();
    };
    return { correct, leave: () => correct(0) };
  };
  return {
    enter: (bytes, signal) =>
      new Promise((resolve, reject) => {
        const entry = { bytes, enter: () => resolve(stay(bytes)) };
        signal.addEventListener('abort', () => {
          const at = waiting.indexOf(entry);
          if (at < 0) return;
          waiting.splice(at, 1);
          reject(signal.reason);
          admit();
        });
        waiting.push(entry);
        admit();
      }),
  };
}
