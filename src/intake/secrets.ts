// The shared secrets of the webhooks: which ones may sign a request, and which settings hold no usable secret.
import * as z from 'zod/mini';
import { isLoopback } from '../loopback.ts';

/** A secret and the place it comes from, which logs may show: `RDV_WEBHOOK_SECRETS.mds-arras[0]`. */
export interface Secret {
  readonly position: string;
  readonly value: string;
}

export interface Secrets {
  /** Valid for every source. */
  readonly common: readonly Secret[];
  /** Valid for one source, by its label in the URL, in lower case. */
  readonly bySource: ReadonlyMap<string, readonly Secret[]>;
}

/** A secret that was set but cannot be used: it is reported, never used as a key. */
export interface DiscardedSecret {
  readonly position: string;
  readonly reason: 'empty' | 'unresolved Key Vault reference' | 'shorter than 16 characters';
}

/** Somebody could find a shorter secret by trying, because the text of a signed body can be guessed. */
export const SHORTEST_SECRET = 16;

/** The label of an organisation in the address of its webhook. */
export const SOURCE = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Distinct secrets that one request may have to try. Each secret hashes the whole body, also for a stranger's request:
 * fifty secrets take a few tenths of a second for a body of 2 MB.
 */
const MOST_KEYS = 50;

const perSource = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

// App Service hands an unresolved reference over as its literal text (Microsoft Learn: "Use Key Vault references").
const KEY_VAULT_REFERENCE = /^\s*@Microsoft\.KeyVault\(/i;

/**
 * Reads `RDV_WEBHOOK_SECRET`, `RDV_WEBHOOK_SECRET_PREVIOUS` and `RDV_WEBHOOK_SECRETS`
 * (`{"source": "secret" | ["secret", …]}`). Short secrets are for the local connector only, which is known by a
 * `DATAVERSE_URL` of this machine: `npm start` has `local-secret`.
 *
 * @returns the usable secrets, those discarded, and the settings that are not readable at all
 */
export function readSecrets(environment: Readonly<Record<string, string | undefined>>) {
  const discarded: DiscardedSecret[] = [];
  const problems: string[] = [];
  const shortest = isLoopback(environment['DATAVERSE_URL'] ?? '') ? 1 : SHORTEST_SECRET;
  const usable = (position: string, value: string | undefined, least = shortest): Secret[] => {
    const reason = value === undefined ? undefined : whyDiscarded(value, least);
    if (reason !== undefined) discarded.push({ position, reason });
    if (value === undefined || reason !== undefined) return [];
    // A line break at the end was pasted by mistake; a blank may belong to the secret.
    return [...new Set([value, value.trim()])].map((one) => ({ position, value: one }));
  };

  const common = ['RDV_WEBHOOK_SECRET', 'RDV_WEBHOOK_SECRET_PREVIOUS'].flatMap((name) =>
    usable(name, environment[name]),
  );
  const bySource = new Map<string, Secret[]>();
  const [map] = usable('RDV_WEBHOOK_SECRETS', environment['RDV_WEBHOOK_SECRETS'], 1);
  const read = map === undefined ? undefined : perSource.safeParse(parseJson(map.value));
  if (read?.success === false) {
    problems.push('RDV_WEBHOOK_SECRETS: expected a JSON object: {"source": "secret"} or {"source": ["new", "old"]}');
  }
  for (const [source, values] of Object.entries(read?.data ?? {})) {
    if (!SOURCE.test(source)) {
      problems.push('RDV_WEBHOOK_SECRETS: expected sources of letters, digits, - and _ only, 64 at most');
      continue;
    }
    const label = source.toLowerCase();
    if (bySource.has(label)) problems.push('RDV_WEBHOOK_SECRETS: expected sources that differ in more than capitals');
    const list = Array.isArray(values) ? values : [values];
    bySource.set(
      label,
      list.flatMap((value, index) => usable(`RDV_WEBHOOK_SECRETS.${source}[${index}]`, value)),
    );
  }
  const secrets = { common, bySource } satisfies Secrets;
  // A URL without a source tries them all.
  if (new Set(secretsFor(secrets, undefined).map(({ value }) => value)).size > MOST_KEYS) {
    problems.push(`RDV_WEBHOOK_SECRETS: expected at most ${MOST_KEYS} distinct secrets, with the common ones`);
  }
  return { secrets, discarded, problems };
}

/**
 * The secrets that may sign a request to `/notifications/{source}`: those of the source and the common ones. The case
 * of a label does not matter.
 * A URL without source, or with one that has no secret of its own, is shared by several organisations: there every
 * organisation's secret is tried, because départements paste one URL for all.
 */
export function secretsFor(secrets: Secrets, source: string | undefined): readonly Secret[] {
  const own = source === undefined ? undefined : secrets.bySource.get(source.toLowerCase());
  return [...(own ?? [...secrets.bySource.values()].flat()), ...secrets.common];
}

function whyDiscarded(value: string, shortest: number): DiscardedSecret['reason'] | undefined {
  if (value.trim() === '') return 'empty';
  if (KEY_VAULT_REFERENCE.test(value)) return 'unresolved Key Vault reference';
  return value.trim().length < shortest ? 'shorter than 16 characters' : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
