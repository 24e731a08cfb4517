// Columns that a département made for itself, as its administrator makes them through the Web API.
import type { DataverseEmulator } from '../../local/dataverse/src/emulator.ts';

const TYPE = 'Microsoft.Dynamics.CRM';
const label = (text: string) => ({
  LocalizedLabels: [{ '@odata.type': `${TYPE}.LocalizedLabel`, Label: text, LanguageCode: 1036 }],
});

const KINDS = {
  text: { type: 'String', MaxLength: 20, FormatName: { Value: 'Text' } },
  memo: { type: 'Memo', MaxLength: 4000, Format: 'TextArea' },
  whole: { type: 'Integer', MinValue: -2_147_483_648, MaxValue: 2_147_483_647, Format: 'None' },
  decimal: { type: 'Decimal', MinValue: -100_000_000_000, MaxValue: 100_000_000_000, Precision: 6 },
  boolean: {
    type: 'Boolean',
    OptionSet: { TrueOption: { Value: 1, Label: label('Oui') }, FalseOption: { Value: 0, Label: label('Non') } },
  },
  date: { type: 'DateTime', Format: 'DateOnly', DateTimeBehavior: { Value: 'DateOnly' } },
  datetime: { type: 'DateTime', Format: 'DateAndTime', DateTimeBehavior: { Value: 'UserLocal' } },
  choice: {
    type: 'Picklist',
    OptionSet: {
      IsGlobal: false,
      OptionSetType: 'Picklist',
      Options: [1, 2, 3].map((value) => ({ Value: value, Label: label(`Choix ${value}`) })),
    },
  },
} as const;

export type Kind = keyof typeof KINDS;

/** Makes the publisher of the département, whose prefix is `cd62`. */
export async function makePublisher(dataverse: DataverseEmulator): Promise<void> {
  await call(dataverse, 'POST', 'publishers', {
    uniquename: 'departement',
    friendlyname: 'Département',
    customizationprefix: 'cd62',
    customizationoptionvalueprefix: 10_062,
  });
}

/** Makes columns: logical name → kind, and what differs from its usual definition. */
export async function makeColumns(
  dataverse: DataverseEmulator,
  table: 'contact' | 'appointment',
  columns: Readonly<Record<string, Kind | { readonly kind: Kind; readonly [detail: string]: unknown }>>,
): Promise<void> {
  for (const [name, given] of Object.entries(columns)) {
    const { kind, ...details } = typeof given === 'string' ? { kind: given } : given;
    const { type, ...usual } = KINDS[kind];
    await call(dataverse, 'POST', `EntityDefinitions(LogicalName='${table}')/Attributes`, {
      '@odata.type': `${TYPE}.${type}AttributeMetadata`,
      SchemaName: name,
      DisplayName: label(name),
      RequiredLevel: { Value: 'None' },
      ...usual,
      ...details,
    });
  }
}

/** Deletes a column with its values. */
export async function deleteColumn(dataverse: DataverseEmulator, table: string, name: string): Promise<void> {
  await call(dataverse, 'DELETE', `EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='${name}')`);
}

async function call({ url }: DataverseEmulator, method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(`${url}/api/data/v9.2/${path}`, {
    method,
    headers: { Authorization: 'Bearer local', 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}
