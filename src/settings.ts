// The settings of the application: read once from the environment, checked, and typed. The only reader of process.env.
import * as Duration from 'temporal-polyfill/fns/Duration';
// The small form of zod, and of Temporal: every instance loads this file before it can answer.
import * as z from 'zod/mini';
import { type DiscardedSecret, readSecrets, type Secrets, SOURCE } from './intake/secrets.ts';
import { isLoopback } from './loopback.ts';
import { mapping } from './mapping/setting.ts';
import { TOKENS, unknownTokens } from './rdv-solidarites/subject-template.ts';
import type { Policy } from './sync/model/policy.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A setting that is missing or wrong. The message names the setting and what is expected, never the value. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

const teamId = z.string().check(z.regex(GUID, 'the id (GUID) of a Dynamics team'), z.toLowerCase());
const flag = z.pipe(
  z._default(z.enum(['true', 'false'], 'true or false'), 'false'),
  z.transform((value) => value === 'true'),
);
const flagOn = z.pipe(
  z._default(z.enum(['true', 'false'], 'true or false'), 'true'),
  z.transform((value) => value === 'true'),
);
const wholeNumber = (minimum: number, maximum: number, byDefault: number) => {
  const expected = `a whole number from ${minimum} to ${maximum}`;
  const number = z.coerce.number(expected).check(z.refine(Number.isInteger, { error: expected, abort: true }));
  return z._default(number.check(z.minimum(minimum, expected), z.maximum(maximum, expected)), byDefault);
};
const choice = <const T extends readonly [string, ...string[]]>(options: T, byDefault: T[number]) =>
  z._default(z.enum(options, `one of ${options.join(', ')}`), byDefault as z.util.NoUndefined<T[number]>);

const duration = (byDefault: string) =>
  z.pipe(
    z._default(z.string(), byDefault),
    z.transform((value, context) => {
      try {
        const milliseconds = Duration.total(Duration.fromString(value), 'millisecond');
        if (milliseconds > 0) return milliseconds;
      } catch {
        // The check below reports it as a value that is no duration.
      }
      context.issues.push({
        code: 'custom',
        message: 'an ISO 8601 duration in days or hours, such as P7D or PT12H',
        input: undefined,
      });
      return z.NEVER;
    }),
  );

const json = z.pipe(
  z.string(),
  z.transform((value, context): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      context.issues.push({ code: 'custom', message: 'a JSON object', input: undefined });
      return z.NEVER;
    }
  }),
);

const serverUrl = z.pipe(
  z
    .url({
      protocol: /^https?$/,
      error:
        'the address of the environment, such as https://contoso.crm12.dynamics.com; for the local one, ' +
        'the address that `npm start` prints',
      abort: true,
    })
    .check(
      z.refine((value) => value.startsWith('https:') || isLoopback(value), {
        error: 'an https address (http is for 127.0.0.1 only)',
      }),
    ),
  z.transform((value) => new URL(value).origin),
);

const clientId = (expected: string) => z.optional(z.string().check(z.regex(GUID, expected)));

const dataverse = z.pipe(
  z
    .object({
      DATAVERSE_URL: serverUrl,
      DATAVERSE_LOCAL_TOKEN: z.optional(z.string()),
      AZURE_CLIENT_ID: clientId('the client id (GUID) of the managed identity'),
      DATAVERSE_TIMEOUT_SECONDS: wholeNumber(5, 90, 45),
      DATAVERSE_CONCURRENCY: wholeNumber(1, 52, 4),
      SNAPSHOT_CONCURRENCY: wholeNumber(1, 52, 1),
      WRITE_TO_DYNAMICS: flagOn,
    })
    .check(
      z.refine((set) => set.DATAVERSE_LOCAL_TOKEN === undefined || isLoopback(set.DATAVERSE_URL), {
        error: 'unset: a fixed token is for a DATAVERSE_URL on 127.0.0.1 only',
        path: ['DATAVERSE_LOCAL_TOKEN'],
      }),
    ),
  z.transform((set) => ({
    url: set.DATAVERSE_URL,
    // The local Dataverse takes the token `local` unless told otherwise.
    localToken: isLoopback(set.DATAVERSE_URL) ? (set.DATAVERSE_LOCAL_TOKEN ?? 'local') : undefined,
    clientId: set.AZURE_CLIENT_ID,
    timeoutMs: set.DATAVERSE_TIMEOUT_SECONDS * 1000,
    concurrency: set.DATAVERSE_CONCURRENCY,
    snapshotConcurrency: set.SNAPSHOT_CONCURRENCY,
    writes: set.WRITE_TO_DYNAMICS,
  })),
);

/**
 * A setting with one value per source. Labels of sources are in lower case, because case means nothing in an address.
 */
const byLabel = <T>() =>
  z.transform((values: Record<string, T>, context): ReadonlyMap<string, T> => {
    const map = new Map(Object.entries(values).map(([label, value]) => [label.toLowerCase(), value]));
    const refuse = (message: string) => context.issues.push({ code: 'custom', message, input: undefined });
    if (map.size < Object.keys(values).length) refuse('labels that differ in more than capitals');
    if ([...map.keys()].some((label) => !SOURCE.test(label))) {
      refuse('labels of letters, digits, - and _ only, 64 at most');
    }
    return map;
  });

const ownerTeams = z.pipe(
  z.pipe(z.prefault(json, '{}'), z.record(z.string(), teamId, 'a JSON object: {"organisation id": "team id"}')),
  byLabel<string>(),
);

const ORGANISATIONS = 'a JSON object: {"source": [organisation ids, as whole numbers]}';
const organisationId = z.int(ORGANISATIONS).check(z.positive(ORGANISATIONS));
const organisationIds = z.array(organisationId, ORGANISATIONS).check(z.minLength(1, ORGANISATIONS));

const sourceOrganisations = z.pipe(
  z.pipe(z.prefault(json, '{}'), z.record(z.string(), organisationIds, ORGANISATIONS)),
  byLabel<number[]>(),
);

const senderUrl = z.pipe(
  z._default(
    z.url({ protocol: /^https?$/, error: 'the address of RDV-Solidarités' }),
    'https://www.rdv-solidarites.fr',
  ),
  z.transform((value) => value.replace(/\/+$/, '')),
);

const subject = z
  ._default(z.string(), '{motif}')
  .check(z.refine((value) => unknownTokens(value).length === 0, `a text with ${TOKENS.join(', ')} only`));

const policy: z.ZodMiniType<Policy> = z.pipe(
  z.object({
    ON_RDV_DESTROYED: choice(['cancel', 'delete'], 'cancel'),
    ON_RGPD: choice(['anonymise', 'keep', 'delete'], 'anonymise'),
    ON_USAGER_REMOVED: choice(['keep', 'deactivate', 'anonymise'], 'keep'),
    ON_DELETED_IN_DYNAMICS: choice(['keep-out', 'recreate'], 'keep-out'),
    MATCH_ON_CREATE: choice(['off', 'certain'], 'off'),
    OWNER_TEAMS: ownerTeams,
    DEFAULT_OWNER_TEAM: z.optional(teamId),
    SOURCE_ORGANISATIONS: sourceOrganisations,
    AGENT_AS_ORGANIZER: flag,
    AGENTS_AS_ATTENDEES: flag,
    PARTICIPATIONS: flagOn,
    UNKNOWN_AGENT: choice(['team', 'ignore'], 'team'),
    // With the current one, at most 47 weeks: even a daily series of which every row is reopened, changed and closed
    // again fits into one change set of 1,000 parts.
    CALENDAR_WEEKS_PAST: wholeNumber(0, 8, 4),
    CALENDAR_WEEKS_AHEAD: wholeNumber(1, 38, 26),
    RDV_SOLIDARITES_URL: senderUrl,
    RDV_SUBJECT: subject,
    MAPPING: mapping,
  }),
  z.transform((set) => ({
    onRdvDestroyed: set.ON_RDV_DESTROYED,
    onRgpd: set.ON_RGPD,
    onUsagerRemoved: set.ON_USAGER_REMOVED,
    onDeletedInDynamics: set.ON_DELETED_IN_DYNAMICS,
    matchOnCreate: set.MATCH_ON_CREATE,
    ownerTeams: set.OWNER_TEAMS,
    defaultOwnerTeam: set.DEFAULT_OWNER_TEAM,
    sourceOrganisations: set.SOURCE_ORGANISATIONS,
    agentAsOrganizer: set.AGENT_AS_ORGANIZER,
    agentsAsAttendees: set.AGENTS_AS_ATTENDEES,
    participations: set.PARTICIPATIONS,
    unknownAgent: set.UNKNOWN_AGENT,
    calendarWeeksPast: set.CALENDAR_WEEKS_PAST,
    calendarWeeksAhead: set.CALENDAR_WEEKS_AHEAD,
    rdvSolidaritesUrl: set.RDV_SOLIDARITES_URL,
    rdvSubject: set.RDV_SUBJECT,
    mapping: set.MAPPING,
  })),
);

const storage = z.pipe(
  z.object({
    NOTIFICATIONS_STORAGE: z.optional(z.string()),
    NOTIFICATIONS_STORAGE__queueServiceUri: z.optional(z.url('the https address of the queue service')),
    NOTIFICATIONS_STORAGE__blobServiceUri: z.optional(z.url('the https address of the blob service')),
    NOTIFICATIONS_STORAGE__clientId: clientId('a client id (GUID)'),
  }),
  z.transform((set, context) => {
    if (set.NOTIFICATIONS_STORAGE !== undefined) {
      return { kind: 'connection-string' as const, connectionString: set.NOTIFICATIONS_STORAGE };
    }
    const { NOTIFICATIONS_STORAGE__queueServiceUri: queueUri, NOTIFICATIONS_STORAGE__blobServiceUri: blobUri } = set;
    if (queueUri !== undefined && blobUri !== undefined) {
      return { kind: 'identity' as const, queueUri, blobUri, clientId: set.NOTIFICATIONS_STORAGE__clientId };
    }
    context.issues.push({
      code: 'custom',
      message:
        'a connection string, or NOTIFICATIONS_STORAGE__queueServiceUri and NOTIFICATIONS_STORAGE__blobServiceUri',
      path: ['NOTIFICATIONS_STORAGE'],
      input: undefined,
    });
    return z.NEVER;
  }),
);

// App Service hands an unresolved reference over as its literal text (Microsoft Learn: "Use Key Vault references").
const senderWord = (expected: string) =>
  z.optional(z.string().check(z.regex(/^(?!@Microsoft\.KeyVault)\S+$/i, expected)));
const isSafe = (value: string) => URL.canParse(value) && (value.startsWith('https:') || isLoopback(value));
const safeAddress = (expected: string) =>
  z.string().check(z.refine((value) => isSafe(value) && !/[?#]/.test(value), { error: expected }));

// The sender purges and anonymises in the hours left out (config/initializers/good_job.rb).
const NIGHT_HOUR = /^(?:off|00:[3-5]\d|0[124-9]:[0-5]\d|1\d:[0-5]\d|20:[0-5]\d|21:[0-2]\d)$/;

const sender = z.pipe(
  z
    .object({
      SENDER_URL: z.optional(z.string()),
      RDV_SOLIDARITES_URL: senderUrl,
      SENDER_CLIENT_ID: senderWord('the id of the OAuth application, as the RDV team gave it'),
      SENDER_CLIENT_SECRET: senderWord('the secret of the OAuth application, not a reference that Key Vault left open'),
      SENDER_REDIRECT_URI: z._default(
        safeAddress('the https redirect address of the OAuth application'),
        'https://localhost/connected',
      ),
      SENDER_TIMEOUT_SECONDS: wholeNumber(5, 90, 60),
      BACKFILL_PACE: wholeNumber(1, 600, 40),
      RECONCILE_AT: z._default(
        z
          .string()
          .check(z.regex(NIGHT_HOUR, 'a time of Paris such as 04:30, outside 21:30-00:30 and 03:00-04:00, or off')),
        '04:30',
      ),
    })
    .check(
      z.refine((set) => isSafe(set.SENDER_URL ?? set.RDV_SOLIDARITES_URL), {
        error: 'the https address of RDV-Solidarités, such as https://www.rdv-solidarites.fr',
        path: ['SENDER_URL'],
      }),
    ),
  z.transform((set) => ({
    url: new URL(set.SENDER_URL ?? set.RDV_SOLIDARITES_URL).origin,
    clientId: set.SENDER_CLIENT_ID,
    clientSecret: set.SENDER_CLIENT_SECRET,
    redirectUri: set.SENDER_REDIRECT_URI,
    timeoutMs: set.SENDER_TIMEOUT_SECONDS * 1000,
    perMinute: set.BACKFILL_PACE,
    /** As `04:30`; undefined: no comparison at night. */
    reconcileAt: set.RECONCILE_AT === 'off' ? undefined : set.RECONCILE_AT,
  })),
);

const subscription = z.pipe(
  z.object({
    WEBHOOK_URL: safeAddress(
      'the https address of the connector, such as https://….azurewebsites.net/api/notifications',
    ),
    SOURCE_ORGANISATIONS: sourceOrganisations,
  }),
  z.transform((set) => ({
    webhookUrl: set.WEBHOOK_URL.replace(/\/+$/, ''),
    sourceOrganisations: set.SOURCE_ORGANISATIONS,
  })),
);

const limits = z.pipe(
  z.object({
    MAX_BODY_BYTES: wholeNumber(1_000, 100_000_000, 2_000_000),
    MAX_AGE: duration('P7D'),
    RETRY_DELAY_SECONDS: wholeNumber(1, 3600, 30),
    NOTIFY_IN_DYNAMICS: flag,
  }),
  z.transform((set) => ({
    maxBodyBytes: set.MAX_BODY_BYTES,
    maxAgeMs: set.MAX_AGE,
    firstDelayMs: set.RETRY_DELAY_SECONDS * 1000,
    notifyInDynamics: set.NOTIFY_IN_DYNAMICS,
  })),
);

export type StorageSettings = z.infer<typeof storage>;
export type DataverseSettings = z.infer<typeof dataverse>;
export type SenderSettings = z.infer<typeof sender>;
export type SubscriptionSettings = z.infer<typeof subscription>;

export interface Settings {
  readonly secrets: Secrets;
  readonly discardedSecrets: readonly DiscardedSecret[];
  readonly maxBodyBytes: number;
  readonly maxAgeMs: number;
  readonly firstDelayMs: number;
  /** Whether those who follow the connector get an in-app notification of new incidents. */
  readonly notifyInDynamics: boolean;
  readonly storage: StorageSettings;
  readonly dataverse: DataverseSettings;
  readonly policy: Policy;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings that the functions need.
 *
 * @param environment defaults to the process's own
 * @throws SettingsError that names every setting at fault and what is expected of it
 */
export function readSettings(environment: Environment = process.env): Settings {
  const problems: string[] = [];
  const read = <T>(schema: z.ZodMiniType<T>) => readPart(schema, given(environment), problems);
  const secrets = readSecrets(environment);
  problems.push(...secrets.problems);
  const parts = { ...read(limits), dataverse: read(dataverse), storage: read(storage), policy: read(policy) };
  if (problems.length > 0) throw new SettingsError(messageOf(problems));
  return { ...parts, secrets: secrets.secrets, discardedSecrets: secrets.discarded } as Settings;
}

/**
 * Reads where Dataverse is and how to sign in: enough for a command that reads no queue.
 *
 * @throws SettingsError
 */
export function readDataverseSettings(environment: Environment): DataverseSettings {
  return readOnly(dataverse, environment);
}

/**
 * Reads where queues and blobs are.
 *
 * @throws SettingsError
 */
export function readStorageSettings(environment: Environment): StorageSettings {
  return readOnly(storage, environment);
}

/**
 * Reads what the département decided.
 *
 * @throws SettingsError
 */
export function readPolicy(environment: Environment): Policy {
  return readOnly(policy, environment);
}

/**
 * Reads where the sender's API is, how to sign in and how fast to ask: for who reads from it.
 *
 * @throws SettingsError
 */
export function readSenderSettings(environment: Environment = process.env): SenderSettings {
  return readOnly(sender, environment);
}

/**
 * Reads what the sender's webhooks are to be.
 *
 * @throws SettingsError
 */
export function readSubscriptionSettings(environment: Environment): SubscriptionSettings {
  return readOnly(subscription, environment);
}

/**
 * Reads whether the connector may write to Dynamics.
 *
 * @throws SettingsError
 */
export function readWrites(environment: Environment): boolean {
  return readOnly(z.object({ WRITE_TO_DYNAMICS: flagOn }), environment).WRITE_TO_DYNAMICS;
}

function readOnly<T>(schema: z.ZodMiniType<T>, environment: Environment): T {
  const problems: string[] = [];
  const settings = readPart(schema, given(environment), problems);
  if (settings === undefined) throw new SettingsError(messageOf(problems));
  return settings;
}

// Somebody who leaves a setting empty in Azure means to leave it out.
function given(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim() !== ''));
}

function readPart<T>(schema: z.ZodMiniType<T>, environment: Environment, problems: string[]): T | undefined {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  problems.push(...result.error.issues.map((issue) => `${nameOf(issue)}: expected ${expectation(issue)}`));
  return undefined;
}

const messageOf = (problems: readonly string[]) => `Settings to fix:\n- ${problems.join('\n- ')}`;

// Of a mapping, the line too.
function nameOf({ path }: z.core.$ZodIssue): string {
  return path[0] === 'MAPPING' ? path.map(String).join('.') : String(path[0]);
}

function expectation(issue: z.core.$ZodIssue): string {
  return issue.message.startsWith('Invalid input') ? 'a value (it is missing)' : issue.message;
}
