// What went wrong with Dataverse, whatever shape the error has, as one value that says what to do next.

import { memoryProfile } from '../schema/memory-profile.ts';
import { DeadlineError } from './deadline.ts';

/**
 * - `transient`: will pass by itself; try later.
 * - `conflict`: somebody else wrote first; read again at once.
 * - `configuration`: an administrator must correct the environment; try later, and say so.
 * - `permanent`: this very request can never succeed.
 */
export type FailureKind = 'transient' | 'conflict' | 'configuration' | 'permanent';

/** A failure. It carries no message of the server: those quote row values. */
export interface Failure {
  readonly kind: FailureKind;
  /** Dataverse's code in hexadecimal, a Node code, `http-503`, or our own word. */
  readonly code: string;
  readonly status?: number;
  /** How long the server asks to wait, in ms. */
  readonly retryAfterMs?: number;
  /** The table, column or privilege that is missing, where the server names it. */
  readonly missing?: string;
  /** An error of this program, or an answer that it cannot read: neither the network's nor a server's word. */
  readonly own?: true;
  /** The id of the user or team who lacks a privilege, where the server names it. */
  readonly principal?: string;
}

/** A failed exchange with Dataverse. The original error is not kept as cause: it holds request and row values. */
export class DataverseError extends Error {
  override readonly name = 'DataverseError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`Dataverse: ${failure.kind}, ${failure.code}`);
    this.failure = failure;
  }
}

/** Codes by which an owner is refused: what of a role or a team somebody must put right. */
const OWNER_CODES = {
  '0x80040231': 'configuration', // PrincipalPrivilegeDenied: the owner may not read the row
  '0x80048340': 'configuration', // CannotAssignToAccessTeam
  '0x80042f0a': 'configuration', // TeamNotAssignedRoles
  '0x8004032d': 'configuration', // CannotAssignToDisabledBusiness
} as const;

/**
 * Codes that decide, whatever the status. Names as in Microsoft Learn, "Web service error codes".
 */
const CODES: Readonly<Record<string, FailureKind>> = {
  '0x80060882': 'conflict', // ConcurrencyVersionMismatch
  '0x80040237': 'conflict', // DuplicateRecord
  '0x80060892': 'conflict', // DuplicateRecordEntityKey
  '0x80072321': 'transient', // service protection: execution time
  '0x80072322': 'transient', // service protection: number of requests
  '0x80072326': 'transient', // service protection: concurrency
  '0x80044150': 'transient', // GenericSqlError, deadlocks among them
  '0x80044151': 'transient', // SqlTimeout
  '0x80040265': 'transient', // IsvAborted: a plug-in of the customer
  '0x80040224': 'transient', // IsvUnExpected
  '0x80040216': 'transient', // UnExpected
  '0x8004a104': 'transient', // organization disabled
  '0x80040220': 'configuration', // PrivilegeDenied
  '0x8004f502': 'configuration', // secured column: no create permission
  '0x8004f504': 'configuration', // secured column: no read permission
  '0x8004f506': 'configuration', // secured column in a query
  '0x8004f507': 'configuration', // secured column: no update permission
  '0x80042f09': 'configuration', // UserNotAssignedRoles
  '0x80072560': 'configuration', // UserNotMemberOfOrg
  '0x80048306': 'configuration', // unManagedIdsAccessDenied
  '0x80040225': 'configuration', // disabled user
  '0x8006088a': 'configuration', // unknown table
  '0x80060888': 'configuration', // unknown column in a query
  ...OWNER_CODES,
  '0x8006088d': 'configuration', // optimistic concurrency not enabled
  '0x80060890': 'configuration', // EntityKeyNotDefined
};

// Errors of @azure/identity: no identity, or one that is refused.
const NO_TOKEN: ReadonlySet<string> = new Set([
  'CredentialUnavailableError',
  'AuthenticationError',
  'AggregateAuthenticationError',
  'AuthenticationRequiredError',
]);

/** What a status means where the code does not decide. */
const STATUSES: Readonly<Record<number, FailureKind>> = {
  401: 'configuration',
  403: 'configuration',
  404: 'conflict', // a row that was read is gone
  408: 'transient',
  412: 'conflict',
  429: 'transient',
};

// What Node says of a connection: system errors, name resolution, TLS, and bytes that are no HTTP. `ERR_…` is otherwise
// Node's complaint about a call of ours (Node.js, "Errors").
const NETWORK =
  /^(E(?!RR_)[A-Z0-9_]{2,30}|ERR_(TLS|SSL|SOCKET)_[A-Z_]{1,40}|HPE_[A-Z_]{1,40}|CERT_[A-Z_]{1,40}|UNABLE_TO_[A-Z_]{1,40}|(SELF_SIGNED|DEPTH_ZERO)_[A-Z_]{1,40}|REQUEST_SEND_ERROR)$/;

/** Messages are looked through for names no further than this: the rest is an answer that holds rows. */
const MESSAGE_READ = 4_000;

const DEADLOCK = /deadlock/i;

// A team of the settings that does not exist: rows that the connector itself read can go, teams do not.
const MISSING_OWNER = /'(team|businessunit)' With Id/i;

// An unknown column comes as a payload error or without a code; only the message tells it from bad data.
const UNDECLARED = /undeclared property|Could not find a property named|Invalid property|does not contain attribute/i;

/** Reads any error that dynamics-web-api, Node or a deadline can produce. Never throws. */
export function toFailure(error: unknown): Failure {
  if (error instanceof DataverseError) return error.failure;
  if (error instanceof DeadlineError) return { kind: 'transient', code: 'deadline' };
  // A refused batch rejects with an array: the part that failed is its last error.
  if (Array.isArray(error)) {
    const failures = error.filter((item) => item instanceof Error || isObject(item)).map(toFailure);
    return failures.at(-1) ?? UNREADABLE;
  }
  if (!isObject(error)) return UNREADABLE;
  if (NO_TOKEN.has(String(error['name']))) return { kind: 'configuration', code: 'no-token' };

  const inner = isObject(error['error']) ? error['error'] : error;
  const code = typeof inner['code'] === 'string' && inner['code'] !== '' ? inner['code'] : undefined;
  const message = typeof inner['message'] === 'string' ? inner['message'].slice(0, MESSAGE_READ) : '';
  const status = typeof error['status'] === 'number' ? error['status'] : undefined;
  if (status === undefined && !isCodeOfDataverse(code)) return withoutAnswer(error, code);
  const retryAfterMs = retryAfter(error['headers']);
  const kind = kindOf(code?.toLowerCase(), status, message);
  const missing = kind === 'configuration' ? missingIn(code?.toLowerCase(), message) : undefined;
  const principal = PRINCIPAL.exec(message)?.[1]?.toLowerCase();
  return {
    kind,
    code: code ?? (status === undefined ? 'no-code' : `http-${status}`),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(missing === undefined ? {} : { missing }),
    ...(principal === undefined ? {} : { principal }),
  };
}

/** An answer that came, and that the program cannot read. */
export const UNREADABLE: Failure = { kind: 'transient', code: 'unreadable-answer', own: true };

const isCodeOfDataverse = (code: string | undefined) => code?.startsWith('0x') === true;

/** An error that no server sent: of the network when Node says so, else of this program. */
function withoutAnswer(error: Record<string, unknown>, code: string | undefined): Failure {
  if (code !== undefined && NETWORK.test(code)) return { kind: 'transient', code };
  return ownFailure(error);
}

/** An error of this program, named by its class: its message may quote a value. */
export function ownFailure(error: unknown): Failure {
  const name = error instanceof Error ? error.name : typeof error;
  return { kind: 'transient', code: `unexpected-${name}`, own: true };
}

// `Principal user (Id=…, type=8) is missing prvReadActivity privilege`
const PRINCIPAL = /\bPrincipal \w+ \(Id=([0-9a-f-]{36})\b/i;

// Only what looks like a name of Dataverse's is repeated: the rest of a message can quote row values.
const NAMED = /\b(prv[A-Za-z_]{1,60})\b|(?:segment|property|attribute|named|navigation property) '([A-Za-z_]{1,80})'/;

const SECURED = /^0x8004f50[2467]$/;

function missingIn(code: string | undefined, message: string): string | undefined {
  if (code !== undefined && SECURED.test(code)) return memoryProfile.name;
  if (MISSING_OWNER.test(message)) return 'a team of OWNER_TEAMS or DEFAULT_OWNER_TEAM';
  const [, privilege, name] = NAMED.exec(message) ?? [];
  return privilege ?? name;
}

function kindOf(code: string | undefined, status: number | undefined, message: string): FailureKind {
  if (DEADLOCK.test(message)) return 'conflict';
  if (MISSING_OWNER.test(message)) return 'configuration';
  const byCode = code === undefined ? undefined : CODES[code];
  if (byCode !== undefined) return byCode;
  if (status === undefined) return 'transient';
  if (UNDECLARED.test(message)) return 'configuration';
  return STATUSES[status] ?? (status >= 400 && status < 500 ? 'permanent' : 'transient');
}

const LONGEST_WAIT_MS = 3_600_000;

/** `Retry-After` in seconds (Microsoft Learn, "Service protection API limits") or as a date. */
function retryAfter(headers: unknown): number | undefined {
  const value = isObject(headers) ? headers['retry-after'] : undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(value)) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
