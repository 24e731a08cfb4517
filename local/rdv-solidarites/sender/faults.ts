// Failures on demand: of the network, of the server, of the rights, and of the database between two pages.
import { z } from 'zod';

const faultSchema = z.strictObject({
  kind: z.enum(['302', '429', '500', 'html', 'stall', 'cut', 'lose-right', 'add-rdv', 'remove-rdv', 'fail-over']),
  /** How many requests it hits; -1 until cleared. */
  times: z.int().default(1),
  /** How many fitting requests pass before. */
  after: z.int().nonnegative().default(0),
  match: z.strictObject({ method: z.string().optional(), path: z.string().optional() }).optional(),
  /** 429: seconds. */
  retryAfter: z.int().nonnegative().default(1),
  /** stall: milliseconds of silence, then the answer. */
  ms: z.int().nonnegative().default(60_000),
  /** lose-right: whose, and where. */
  agent: z.int().optional(),
  organisation: z.int().optional(),
  /** fail-over: how many seconds of writes are lost. */
  seconds: z.number().nonnegative().default(5),
});

export type Fault = z.input<typeof faultSchema>;
export type ActiveFault = z.output<typeof faultSchema>;

/** @throws a ZodError that names what is wrong */
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

  /** The first fault that fits the request, counted as used. */
  take(method: string, path: string): ActiveFault | undefined {
    for (const fault of this.#active) {
      const { match } = fault;
      const fits = (match?.method ?? method).toUpperCase() === method && path.includes(match?.path ?? '');
      if (!fits) continue;
      if (fault.after > 0) {
        fault.after -= 1;
        continue;
      }
      if (fault.times > 0) fault.times -= 1;
      if (fault.times === 0) this.#active = this.#active.filter((other) => other !== fault);
      return { ...fault };
    }
    return undefined;
  }
}
