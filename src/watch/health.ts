// Whether the connector can do its work. Probes ask often, so an answer is reused for a while.

/** A check that passes when it resolves. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

export interface Health {
  readonly status: 'ok' | 'failing';
  /** The names of the checks that fail: no detail, because anybody may ask. */
  readonly failing: readonly string[];
}

export interface HealthOptions {
  /** How long an answer is reused, in ms. */
  readonly keepMs: number;
  /** Time limit for one check, in ms. */
  readonly timeoutMs: number;
  readonly now: () => number;
}

/** Runs the checks at most once in `keepMs`, however many ask at the same time. */
export function createHealth(checks: Checks, { keepMs, timeoutMs, now }: HealthOptions): () => Promise<Health> {
  let kept: { readonly until: number; readonly health: Promise<Health> } | undefined;
  return () => {
    if (kept === undefined || kept.until <= now()) kept = { until: now() + keepMs, health: examine(checks, timeoutMs) };
    return kept.health;
  };
}

async function examine(checks: Checks, timeoutMs: number): Promise<Health> {
  const names = Object.keys(checks);
  const passed = await Promise.all(Object.values(checks).map((check) => passes(check, timeoutMs)));
  const failing = names.filter((_, at) => passed[at] === false);
  return { status: failing.length === 0 ? 'ok' : 'failing', failing };
}

async function passes(check: () => Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const late = new Promise<false>((resolve) => {
    setTimeout(() => resolve(false), timeoutMs).unref();
  });
  const done = check().then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]);
}
