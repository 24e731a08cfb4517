// Failures on demand, for requests to the Web API. Each kind is one that the connector must survive (Microsoft Learn, "Service protection API limits" and "Web service error codes"; failures seen with dynamics-web-api).

import { z } from 'zod';
import { chance } from './chance.ts';

/** How a fault ends the request. */
const kinds = [
  '429',
  '503',
  '502-html',
  '200-html',
  '401',
  '500-sql',
  '500-sql-timeout',
  'reset',
  'reset-after-commit',
  'truncate',
  'cut',
  'stall',
  'slow',
  'bad-json',
  'malformed-batch',
  'deadlock',
] as const;

const faultSchema = z.strictObject({
  kind: z.enum(kinds),
  /** How many requests it hits; -1 until cleared. */
  times: z.number().int().default(1),
  match: z.strictObject({ method: z.string().optional(), path: z.string().optional() }).optional(),
  /** Share of the requests that it hits, among those that fit; the same ones in every run with the same seed. */
  probability: z.number().min(0).max(1).default(1),
  seed: z.number().int().default(1),
  /** 429: seconds. */
  retryAfter: z.number().int().nonnegative().default(1),
  /** 429: which of the three service protection limits. */
  code: z.enum(['0x80072322', '0x80072321', '0x80072326']).default('0x80072322'),
  /** slow: milliseconds before the request is looked at. */
  ms: z.number().nonnegative().default(1000),
});

export type Fault = z.input<typeof faultSchema>;
export type ActiveFault = z.output<typeof faultSchema>;

/** One fault or an array of them, as `POST /__faults` takes it. Throws a ZodError that names what is wrong. */
export function parseFaults(json: unknown): ActiveFault[] {
  return Array.isArray(json) ? z.array(faultSchema).parse(json) : [faultSchema.parse(json)];
}

interface Entry {
  readonly fault: ActiveFault;
  readonly draw: () => number;
}

export class Faults {
  #active: Entry[] = [];

  add(fault: Fault): void {
    this.#active.push(...parseFaults(fault).map((active) => ({ fault: active, draw: chance(active.seed) })));
  }

  clear(): void {
    this.#active = [];
  }

  list(): readonly ActiveFault[] {
    return this.#active.map(({ fault }) => fault);
  }

  /** The first fault that fits the request and whose dice say so; counts it as used. */
  take(method: string, path: string): ActiveFault | undefined {
    const entry = this.#active.find(({ fault, draw }) => fits(fault, method, path) && draw() < fault.probability);
    if (entry === undefined) return undefined;
    const { fault } = entry;
    if (fault.times > 0) fault.times -= 1;
    if (fault.times === 0) this.#active = this.#active.filter((other) => other !== entry);
    return { ...fault };
  }
}

function fits({ match }: ActiveFault, method: string, path: string): boolean {
  const sameMethod = match?.method === undefined || match.method.toUpperCase() === method;
  return sameMethod && path.includes(match?.path ?? '');
}
