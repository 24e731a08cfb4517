// The errors of the Web API, by name, with the code and the status that Dataverse gives them.
// Codes: Microsoft Learn "Web service error codes" (data-service-error-codes); shape: "Compose HTTP requests and handle errors".

/** A refusal that the Web API answers as `{"error":{"code","message"}}`. */
export class DataverseError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const PAYLOAD_HELP =
  'For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293';

/** A value or a property that the OData reader refuses before any row is touched. Microsoft Learn: "Web API client errors" (0x80048d19). */
export function payloadError(entitySet: string, reason: string): DataverseError {
  return new DataverseError(
    400,
    '0x80048d19',
    `Error identified in Payload provided by the user for Entity :'${entitySet}', ${PAYLOAD_HELP}  ---->  InnerException : Microsoft.OData.ODataException: ${reason}`,
  );
}

/** Microsoft Learn, "Web API client errors": undeclared property in a payload, code 0x0. */
export function unknownProperty(property: string, typeName: string): DataverseError {
  return new DataverseError(
    400,
    '0x0',
    `Invalid property '${property}' was found in entity '${typeName}'. ---> Microsoft.OData.ODataException: The property '${property}' does not exist on type '${typeName}'. Make sure to only use property names that are defined by the type.`,
  );
}

/** The same for a name in `$select`, `$filter`, `$orderby` or `$expand`. */
export function unknownQueryProperty(property: string, typeName: string): DataverseError {
  return new DataverseError(400, '0x80060888', `Could not find a property named '${property}' on type '${typeName}'.`);
}

/** A request that the OData layer cannot read. */
export function badRequest(message: string, code = '0x80060888'): DataverseError {
  return new DataverseError(400, code, message);
}

/** InvalidArgument. */
export function invalidArgument(message: string): DataverseError {
  return new DataverseError(400, '0x80040203', message);
}

/** Resource names are case sensitive: Microsoft Learn, "Web API client errors" (0x8006088a). */
export function unknownResource(segment: string): DataverseError {
  return new DataverseError(404, '0x8006088a', `Resource not found for the segment '${segment}'.`);
}

export function rowDoesNotExist(table: string, id: string): DataverseError {
  return new DataverseError(404, '0x80040217', `Entity '${table}' With Id = ${id} Does Not Exist`);
}

/** RecordNotFoundByEntityKey. */
export function noRowWithKey(table: string): DataverseError {
  return new DataverseError(
    404,
    '0x80060891',
    `A record with the specified key values does not exist in ${table} entity`,
  );
}

/** EntityKeyNotDefined. */
export function keyNotDefined(table: string): DataverseError {
  return new DataverseError(
    400,
    '0x80060890',
    `The specified key attributes are not a defined key for the ${table} entity`,
  );
}

/** ConcurrencyVersionMismatch: Microsoft Learn, "Perform conditional operations". */
export function versionMismatch(): DataverseError {
  return new DataverseError(
    412,
    '0x80060882',
    "The version of the existing record doesn't match the RowVersion property provided.",
  );
}

/** DuplicateRecord, as answered for a create whose primary key exists and for `If-None-Match: *` on an existing row. */
export function duplicateRecord(): DataverseError {
  return new DataverseError(412, '0x80040237', 'A record with matching key values already exists.');
}

/** DuplicateRecordEntityKey. */
export function duplicateKey(keyName: string, columns: readonly string[]): DataverseError {
  return new DataverseError(
    412,
    '0x80060892',
    `Entity Key ${keyName} violated. A record with the same value for ${columns.join(', ')} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`,
  );
}

export function methodNotAllowed(message = 'The requested resource does not support http method.'): DataverseError {
  return new DataverseError(405, '0x80060888', message);
}

/**
 * The victim of a deadlock. Code, status and `Sql Number: 1205` as seen on real environments; the text of SQL Server, which
 * they keep to themselves, is added for people who read logs.
 */
export function deadlockVictim(processId: number): DataverseError {
  return new DataverseError(
    500,
    '0x80044150',
    `Sql error: Generic SQL error. CRM ErrorCode: -2147204784 Sql ErrorCode: -2146232060 Sql Number: 1205 ---> Transaction (Process ID ${processId}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.`,
  );
}

/** Microsoft Learn, "SQL error occurs" (Power Platform troubleshooting): a statement that waited too long. */
export function sqlTimeout(): DataverseError {
  return new DataverseError(
    500,
    '0x80044151',
    'Sql error: SQL timeout expired. CRM ErrorCode: -2147204783 Sql ErrorCode: -2146232060 Sql Number: -2',
  );
}

/** What a real environment can do and this emulator cannot: said plainly, never faked. */
export function notEmulated(what: string): DataverseError {
  return new DataverseError(501, '0x80040206', `Not covered by the local Dataverse emulator: ${what}`);
}
