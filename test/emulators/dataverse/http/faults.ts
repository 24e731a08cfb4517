// Failures on demand, for requests to the Web API. Each kind is one that the connector must survive (Microsoft Learn, "Service protection API limits" and "Web service error codes"; failures seen with dynamics-web-api).

import { z } from 'zod';

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

export class Faults {
  #active: ActiveFault[] = [];

  add(fault: Fault): void {
    this.#active.push(...parseFaults(fault));
  }

  clear(): void {
    this.#active = [];
  }

  list(): readonly ActiveFault[] {
    return this.#active;
  }

  /** The first fault that fits the request; counts it as used. */
  take(method: string, path: string): ActiveFault | undefined {
    const fault = this.#active.find(({ match }) => {
      const sameMethod = match?.method === undefined || match.method.toUpperCase() === method;
      return sameMethod && path.includes(match?.path ?? '');
    });
    if (fault === undefined) return undefined;
    if (fault.times > 0) fault.times -= 1;
    if (fault.times === 0) this.#active = this.#active.filter((other) => other !== fault);
    return { ...fault };
  }
}
