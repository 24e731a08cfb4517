// Pieces of OData filters: values are quoted here and nowhere else.

/** Values in one filter: names of fifty characters stay far below the 32,768 characters of a batch part. */
export const FILTER_VALUES = 100;

/**
 * Rows whose column has one of these values (Microsoft Learn, "In query function"): shorter than a chain of comparisons.
 *
 * Values stand in double quotes, as JSON has them: a value in single quotes cannot hold an apostrophe ("Filter rows").
 */
export function isIn(property: string, values: readonly string[]): string {
  return `Microsoft.Dynamics.CRM.In(PropertyName='${property}',PropertyValues=${JSON.stringify(values)})`;
}

/** A text in a comparison: apostrophes are doubled (OData 4.01, URL conventions). */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The enabled users who have one of these e-mails. */
export function enabledUsersWith(emails: readonly string[]): string {
  return `isdisabled eq false and (${emails.map((email) => `internalemailaddress eq ${quoted(email)}`).join(' or ')})`;
}
