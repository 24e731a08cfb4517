// A file of many lines, one at a time: read whole, it would count as memory of what is measured.
import { open } from 'node:fs/promises';

export async function readLines<T>(file: string, parse: (line: string) => T): Promise<T[]> {
  const handle = await open(file);
  const read: T[] = [];
  for await (const line of handle.readLines()) read.push(parse(line));
  return read;
}
