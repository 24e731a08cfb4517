// What can change while the emulator runs: locks, service protection, delay. Options of `startDataverse`, `POST /__settings`, flags of main.ts.

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** Microsoft Learn, "Service protection API limits": the defaults of one web server, for one user. */
const limitsSchema = z.strictObject({
  /** Requests in any window; a `$batch` is one. */
  requests: z.number().int().positive().default(6000),
  /** Execution time of all requests in any window, in milliseconds. */
  executionMs: z.number().positive().default(1_200_000),
  windowMs: z.number().positive().default(300_000),
  /** Requests at the same moment. */
  concurrent: z.number().int().positive().default(52),
});

const milliseconds = z.number().nonnegative();

const settingsSchema = z.strictObject({
  /**
   * How an owner who may not read the row is refused: with the codes of the list of errors, or as seen in
   * environments, with the code of a caller's missing privilege and the owner's id in the message.
   */
  assigneeRefusal: z.enum(['PrincipalPrivilegeDenied', 'PrivilegeDenied']).default('PrincipalPrivilegeDenied'),
  /** Does an attendee follow a merge of contacts? The relationship says no, and no page promises it. */
  partiesFollowMerge: z.boolean().default(false),
  /** Change sets hold row locks until they commit, and other requests run between their parts. */
  rowLocks: z.boolean().default(false),
  /** Pause between two parts of a change set; 0 lets what is ready run. */
  lockStepMs: milliseconds.default(0),
  lockTimeoutMs: milliseconds.default(30_000),
  /** `true` for the documented limits; limits that are left out keep their documented value. */
  serviceProtection: z
    .union([z.boolean(), limitsSchema])
    .transform((value) => (value === true ? limitsSchema.parse({}) : value))
    .default(false),
  /** Execution time that each operation is taken to cost. Left out: 5 ms with an injected clock, else what was measured. */
  executionMsPerPart: milliseconds.optional(),
  /**
   * How the failed change set of a batch is answered: its error alone, or inside the envelope of a change set, with the
   * Content-ID of what failed or without. `as-seen`: with `odata.continue-on-error` the last, else alone.
   */
  failedChangeSet: z.enum(['as-seen', 'flat', 'nested', 'nested-content-id']).default('as-seen'),
  /** Which way to replace the attendees of an appointment is taken; the other is refused. */
  attendeeForms: z.enum(['both', 'patch', 'put']).default('both'),
  /** By the emulator's clock: how long expanded collections come as they were first read, but for `If-None-Match: null`. */
  cachedExpansionsMs: milliseconds.default(0),
  /** By the emulator's clock: until then nobody sees a new table, column or relationship, nor the privileges of a table. */
  definitionsAfterMs: milliseconds.default(0),
  /** Real time between an answer and its sending. */
  delayMs: z
    .union([
      milliseconds,
      z
        .strictObject({ min: milliseconds, max: milliseconds, seed: z.number().int().default(1) })
        .refine(({ min, max }) => min <= max, 'min is above max'),
    ])
    .default(0),
});

export type Limits = z.output<typeof limitsSchema>;
export type SettingsInput = z.input<typeof settingsSchema>;
type Current = Readonly<z.output<typeof settingsSchema>>;

export const settingNames = Object.keys(settingsSchema.shape);

export class Settings {
  #current: Current;

  /** Throws a ZodError that names what is wrong; so does `change`. */
  constructor(input: SettingsInput) {
    this.#current = settingsSchema.parse(input);
  }

  get current(): Current {
    return this.#current;
  }

  /** Settings that are not named stay; a value equal to the old one stays the same object, so that windows and dice go on. */
  change(patch: unknown): void {
    const before = this.#current;
    const after = settingsSchema.parse({ ...before, ...z.record(z.string(), z.unknown()).parse(patch) });
    this.#current = {
      ...after,
      ...(isDeepStrictEqual(before.serviceProtection, after.serviceProtection) && {
        serviceProtection: before.serviceProtection,
      }),
      ...(isDeepStrictEqual(before.delayMs, after.delayMs) && { delayMs: before.delayMs }),
    };
  }
}
