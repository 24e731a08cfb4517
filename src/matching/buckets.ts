// Places by key, in little memory: half a million keys of 50,000 people.

/** A value that more people share says nothing about who somebody is: a shelter's e-mail, a date typed for want of one. */
export const MOST_SHARED = 20;

interface Buckets {
  put(key: string, place: number): void;
  get(key: string): readonly number[];
  /** More than twenty people have it. */
  isCrowded(key: string): boolean;
}

/** Keys are kept as numbers: two that share one only cause comparisons that find nothing. */
export function openBuckets(): Buckets {
  const places = new Map<number, number | number[]>();
  const get = (key: string): readonly number[] => {
    const found = places.get(hash(key));
    return found === undefined ? [] : typeof found === 'number' ? [found] : found;
  };
  return {
    put(key, place) {
      const number = hash(key);
      const found = places.get(number);
      if (found === undefined) places.set(number, place);
      else if (typeof found === 'number') places.set(number, [found, place]);
      // One more than the limit tells that there are too many.
      else if (found.length <= MOST_SHARED) found.push(place);
    },
    get,
    isCrowded: (key) => get(key).length > MOST_SHARED,
  };
}

/** FNV-1a, 32 bits, cut to the 30 that V8 keeps without a box (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hash(key: string): number {
  let bits = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) bits = Math.imul(bits ^ key.charCodeAt(at), 0x01000193);
  return (bits ^ (bits >>> 30)) & 0x3fffffff;
}
