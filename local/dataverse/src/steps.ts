// Work that is synchronous except where it yields: what never waits runs in one go, and no other request comes between.

/** Yields what must be waited for. */
export type Steps<T> = Generator<Promise<void>, T, void>;

/** Runs to the end: at once when nothing is yielded. */
export function finish<T>(steps: Steps<T>): T | Promise<T> {
  const first = steps.next();
  return first.done ? first.value : finishLater(steps, first.value);
}

async function finishLater<T>(steps: Steps<T>, first: Promise<void>): Promise<T> {
  for (let wait = first; ; ) {
    const resume = await wait.then(
      () => () => steps.next(),
      (error: unknown) => () => steps.throw(error),
    );
    const next = resume();
    if (next.done) return next.value;
    wait = next.value;
  }
}
