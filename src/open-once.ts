// What is opened on first use and then shared.

/** Opens something once, however many ask for it. An opening that failed is forgotten: whoever asks next tries again. */
export function openOnce<A extends readonly unknown[], T>(
  open: (...given: A) => Promise<T>,
): (...given: A) => Promise<T> {
  let opened: Promise<T> | undefined;
  return async (...given) => {
    opened ??= open(...given);
    const mine = opened;
    try {
      return await mine;
    } catch (error) {
      // Somebody else may have begun another opening since.
      if (opened === mine) opened = undefined;
      throw error;
    }
  };
}
