// What an environment holds of our schema today, read in thirty requests at most.

import * as z from 'zod';
import { schema } from '../schema/schema.ts';
import type { Cascade, Schema } from '../schema/shape.ts';
import { type CurrentSecurity, readSecurity } from './current-security.ts';
import { type CurrentTable, readTables } from './current-tables.ts';
import type { Languages } from './definitions.ts';
import { listOf, oneOf, type Read } from './read.ts';

const { tables, publisher, solution }: Schema = schema;

export interface CurrentRelationship {
  table: string;
  column: string;
  target: string;
  navigationProperty: string;
  /** The collection on the target's side. */
  referencedNavigationProperty: string;
  /** As it was found. An action may have a value that our schema never uses, such as UserOwned. */
  cascade: Readonly<Record<keyof Cascade, string>>;
}

export interface Current {
  languages: Languages;
  publisher: { id: string; prefix: string } | undefined;
  solution: { id: string; version: string; managed: boolean } | undefined;
  tables: ReadonlyMap<string, CurrentTable>;
  relationships: ReadonlyMap<string, CurrentRelationship>;
  security: CurrentSecurity;
}

/** Reads everything that a plan depends on; changes nothing. With an application id, the user that has it too. */
export async function readCurrent(read: Read, applicationId?: string): Promise<Current> {
  return {
    languages: await readLanguages(read),
    publisher: await readPublisher(read),
    solution: await readSolution(read),
    tables: await readTables(read),
    relationships: await readRelationships(read),
    security: await readSecurity(read, applicationId),
  };
}

async function readLanguages(read: Read): Promise<Languages> {
  const organizations = z.object({ value: z.tuple([z.object({ languagecode: z.int() })]) });
  const { value } = await read(organizations, (api, signal) =>
    api.retrieveMultiple({ collection: 'organizations', select: ['languagecode'], signal }),
  );
  const provisioned = z.object({ RetrieveProvisionedLanguages: z.array(z.int()) });
  // Without a signal: dynamics-web-api 2.5.0 copies the one given to callFunction into an object that Node refuses.
  const { RetrieveProvisionedLanguages } = await read(provisioned, (api) =>
    api.callFunction('RetrieveProvisionedLanguages'),
  );
  return { base: value[0].languagecode, provisioned: RetrieveProvisionedLanguages };
}

async function readPublisher(read: Read): Promise<Current['publisher']> {
  const publishers = listOf({ publisherid: z.string(), customizationprefix: z.string() });
  const { value } = await read(publishers, (api, signal) =>
    api.retrieveMultiple({
      collection: 'publishers',
      select: ['publisherid', 'customizationprefix'],
      filter: `uniquename eq '${publisher.uniqueName}'`,
      signal,
    }),
  );
  return value[0] && { id: value[0].publisherid, prefix: value[0].customizationprefix };
}

async function readSolution(read: Read): Promise<Current['solution']> {
  const solutions = listOf({ solutionid: z.string(), version: z.string(), ismanaged: z.boolean() });
  const { value } = await read(solutions, (api, signal) =>
    api.retrieveMultiple({
      collection: 'solutions',
      select: ['solutionid', 'version', 'ismanaged'],
      filter: `uniquename eq '${solution.uniqueName}'`,
      signal,
    }),
  );
  return value[0] && { id: value[0].solutionid, version: value[0].version, managed: value[0].ismanaged };
}

const cascade = z.object({
  Assign: z.string(),
  Delete: z.string(),
  Merge: z.string(),
  Reparent: z.string(),
  Share: z.string(),
  Unshare: z.string(),
});

async function readRelationships(read: Read): Promise<Current['relationships']> {
  const names = Object.values(tables).flatMap(({ columns }) =>
    Object.values(columns).flatMap((column) => (column.type === 'lookup' ? [column.relationship] : [])),
  );
  const shape = {
    SchemaName: z.string(),
    ReferencedEntity: z.string(),
    ReferencingEntity: z.string(),
    ReferencingAttribute: z.string(),
    ReferencingEntityNavigationPropertyName: z.string(),
    ReferencedEntityNavigationPropertyName: z.string(),
    CascadeConfiguration: cascade,
  };
  const { value } = await read(listOf(shape), (api, signal) =>
    api.retrieveRelationships({
      castType: 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
      select: Object.keys(shape),
      filter: oneOf('SchemaName', names),
      signal,
    }),
  );
  return new Map(
    value.map((found) => [
      found.SchemaName,
      {
        table: found.ReferencingEntity,
        column: found.ReferencingAttribute,
        target: found.ReferencedEntity,
        navigationProperty: found.ReferencingEntityNavigationPropertyName,
        referencedNavigationProperty: found.ReferencedEntityNavigationPropertyName,
        cascade: {
          assign: found.CascadeConfiguration.Assign,
          delete: found.CascadeConfiguration.Delete,
          merge: found.CascadeConfiguration.Merge,
          reparent: found.CascadeConfiguration.Reparent,
          share: found.CascadeConfiguration.Share,
          unshare: found.CascadeConfiguration.Unshare,
        },
      },
    ]),
  );
}
