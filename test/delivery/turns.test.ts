// Turns: who waits for whom within a process.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createRoom } from '../../src/delivery/room.ts';
import { inTurn, type Turn } from '../../src/delivery/turns.ts';

/** Pieces of work that begin in their turn, and end when they are told to. */
function start() {
  const take = inTurn();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const come = (name: string, turn: Partial<Turn>) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.set(name, resolve);
    return take({ keys: [], unseen: [], rank: '1', ...turn }, () => {
      begun.push(name);
      return promise;
    });
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await setImmediate();
  };
  return { come, end, begun };
}

describe('turns', () => {
  test('one record, one at a time: the newest of those that wait goes first', async () => {
    const { come, end, begun } = start();
    for (const rank of ['2', '1', '4', '3']) come(rank, { keys: ['rdv-7'], rank });
    await setImmediate();
    expect(begun).toEqual(['2']);
    for (const name of ['2', '4', '3']) await end(name);
    expect(begun).toEqual(['2', '4', '3', '1']);
  });

  test('records of others do not wait, and who waits for two is not passed over for ever', async () => {
    const { come, end, begun } = start();
    come('a', { keys: ['a'] });
    come('both', { keys: ['a', 'b'], rank: '9' });
    come('b', { keys: ['b'] });
    come('c', { keys: ['c'] });
    await setImmediate();
    expect(begun).toEqual(['a', 'c']);
    await end('a');
    await end('both');
    expect(begun).toEqual(['a', 'c', 'both', 'b']);
  });

  test('the first that names what nobody has seen brings it: the others wait for that one, not for each other', async () => {
    const { come, end, begun } = start();
    for (const name of ['first', 'second', 'third']) come(name, { keys: [name], unseen: ['motif-5'] });
    await setImmediate();
    expect(begun).toEqual(['first']);
    await end('first');
    expect(begun).toEqual(['first', 'second', 'third']);
  });
});

describe('room', () => {
  const patient = new AbortController().signal;

  test('is bounded by bytes: who came first goes first, and what is longer than all of it goes alone', async () => {
    const room = createRoom(10);
    const entered: number[] = [];
    const enter = async (bytes: number) => {
      const stay = await room.enter(bytes, patient);
      entered.push(bytes);
      return stay;
    };
    const first = await enter(8);
    const [long, small] = [enter(30), enter(1)];
    await setImmediate();
    expect(entered).toEqual([8]);
    first.correct(1);
    await setImmediate();
    expect(entered).toEqual([8]);
    first.leave();
    (await long).leave();
    (await small).leave();
    expect(entered).toEqual([8, 30, 1]);
  });

  test('is no longer waited for once the wait is given up', async () => {
    const room = createRoom(10);
    const stay = await room.enter(10, patient);
    const waiting = room.enter(5, AbortSignal.timeout(1));
    await expect(waiting).rejects.toThrow();
    stay.leave();
    (await room.enter(10, patient)).leave();
  });
});
