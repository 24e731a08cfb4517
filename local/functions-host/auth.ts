// Keys of HTTP functions (azure-functions-host, `AuthenticationLevelHandler.cs`).

export interface AuthKeys {
  /** Function name to its key. */
  functions?: Readonly<Record<string, string>>;
  host?: string;
  master?: string;
}

/** Without keys nothing is enforced, as with `func start`. */
export function isAuthorized(
  call: { header: string | undefined; query: URLSearchParams },
  target: { functionName: string; authLevel: unknown },
  keys: AuthKeys | undefined,
): boolean {
  if (!keys) return true;
  // The header comes first; the query counts only without it.
  const given = call.header ?? call.query.get('code') ?? '';
  const level = String(target.authLevel ?? 'anonymous').toLowerCase();
  if (level === 'anonymous') return true;
  const accepted = level === 'admin' ? [keys.master] : [keys.functions?.[target.functionName], keys.host, keys.master];
  return given !== '' && accepted.includes(given);
}
