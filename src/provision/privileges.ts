// Which privileges each operation of the connector needs, and why: the security roles are made from this table, and
// `check` compares an environment with it.
//
// Privilege names: `prv`, the right, the table as `tables.ts` has it secured. Depth is always the whole organization: usagers and RDV belong to teams of
// any business unit, and a table without owner knows no other depth.

import type { OurTable, TableName, tables } from '../schema/tables.ts';

type Right = 'Create' | 'Read' | 'Write' | 'Delete' | 'Append' | 'AppendTo' | 'Assign' | 'Share';

type SecuredTable = (typeof tables)[TableName]['securedAs'];

export type Privilege = `prv${Right}${SecuredTable}`;

interface Operation {
  /** What the connector does. */
  readonly does: string;
  readonly needs: readonly Privilege[];
  /** A page of Microsoft Learn, or the word inference with what it rests on. */
  readonly source: string;
  /** Some of the tables exist only with some Dynamics 365 apps: their privileges are granted where they exist. */
  readonly whereItExists?: true;
}

const ACCESS_RIGHTS = 'Microsoft Learn, "Data operations and access rights"';

/** What the worker writes, from `perform.ts`: each table has its entry. It deletes no contact and no link. */
const writing: Readonly<Record<OurTable, readonly Operation[]>> = {
  rdvs_link: [
    {
      does: 'creates and updates links',
      needs: ['prvCreaterdvs_link', 'prvWriterdvs_link'],
      source: ACCESS_RIGHTS,
    },
    {
      does: 'points a link to its contact',
      needs: ['prvAppendrdvs_link', 'prvAppendToContact'],
      source: `${ACCESS_RIGHTS}: append a record, append to a record`,
    },
  ],
  rdvs_motif: [
    {
      does: 'creates and updates motifs',
      needs: ['prvCreaterdvs_motif', 'prvReadrdvs_motif', 'prvWriterdvs_motif'],
      source: ACCESS_RIGHTS,
    },
    {
      does: 'points an appointment to its motif',
      needs: ['prvAppendActivity', 'prvAppendTordvs_motif'],
      source: `${ACCESS_RIGHTS}: append a record, append to a record`,
    },
  ],
  contact: [
    {
      does: 'creates, updates and deactivates contacts',
      needs: ['prvCreateContact', 'prvReadContact', 'prvWriteContact'],
      source: 'Microsoft Learn, "Update message privileges", contact; "Data operations and access rights"',
    },
    {
      does: 'points a relative to the responsible person',
      needs: ['prvAppendContact', 'prvAppendToContact'],
      source: `${ACCESS_RIGHTS}: append a record, append to a record`,
    },
  ],
  appointment: [
    {
      does: 'creates appointments',
      needs: ['prvCreateActivity', 'prvAppendActivity', 'prvAppendToActivity', 'prvShareActivity'],
      source: 'Microsoft Learn, "Create message privileges", appointment',
    },
    {
      does: 'updates, closes and reopens appointments',
      needs: ['prvReadActivity', 'prvWriteActivity'],
      source: 'Microsoft Learn, "Update message privileges", appointment; "Data operations and access rights"',
    },
    {
      does: 'deletes appointments (occurrences of absences and plages; RDV by ON_RDV_DESTROYED=delete, ON_RGPD=delete)',
      needs: ['prvReadActivity', 'prvDeleteActivity'],
      source: ACCESS_RIGHTS,
    },
    {
      does: 'names contacts and users as attendees, regarding or organizer',
      needs: ['prvAppendActivity', 'prvAppendToContact', 'prvAppendToUser'],
      source: `${ACCESS_RIGHTS}: append a record, append to a record`,
    },
    {
      does: 'keeps the attendees of other kinds that people added in Dynamics',
      needs: [
        'prvAppendToAccount',
        'prvAppendToLead',
        'prvAppendToQueue',
        'prvAppendToEquipment',
        'prvAppendToEntitlement',
        'prvAppendToKnowledgeArticle',
      ],
      source: `${ACCESS_RIGHTS}; the targets are those of "Appointment table/entity reference", requiredattendees`,
      whereItExists: true,
    },
  ],
  rdvs_participation: [
    {
      does: 'creates, updates and deletes participations',
      needs: [
        'prvCreaterdvs_participation',
        'prvReadrdvs_participation',
        'prvWriterdvs_participation',
        'prvDeleterdvs_participation',
      ],
      source: ACCESS_RIGHTS,
    },
    {
      does: 'points a participation to its appointment and to its contact',
      needs: ['prvAppendrdvs_participation', 'prvAppendToActivity', 'prvAppendToContact'],
      source: `${ACCESS_RIGHTS}: append a record, append to a record`,
    },
    {
      does: 'gives participations to the owner of the appointment, also when that one changes',
      needs: ['prvAssignrdvs_participation'],
      source: 'Microsoft Learn, "Assign message privileges"',
    },
  ],
  rdvs_referent: [
    {
      does: 'creates, updates and deletes referents',
      needs: ['prvCreaterdvs_referent', 'prvReadrdvs_referent', 'prvWriterdvs_referent', 'prvDeleterdvs_referent'],
      source: ACCESS_RIGHTS,
    },
    {
      does: 'points a referent to the usager’s contact and to the agent’s user',
      needs: ['prvAppendrdvs_referent', 'prvAppendToContact', 'prvAppendToUser'],
      source: `${ACCESS_RIGHTS}: append a record, append to a record`,
    },
    {
      does: 'gives referents to the agent, or to a team',
      needs: ['prvAssignrdvs_referent'],
      source: 'Microsoft Learn, "Assign message privileges"',
    },
  ],
  rdvs_incident: [
    {
      does: 'shows incidents, and takes what people choose for them',
      needs: ['prvCreaterdvs_incident', 'prvReadrdvs_incident', 'prvWriterdvs_incident'],
      source: ACCESS_RIGHTS,
    },
  ],
  rdvs_run: [
    {
      does: 'shows the state of the connector',
      needs: ['prvCreaterdvs_run', 'prvReadrdvs_run', 'prvWriterdvs_run'],
      source: ACCESS_RIGHTS,
    },
  ],
  rdvs_duplicate: [
    {
      does: 'keeps the list of possible duplicates',
      needs: ['prvCreaterdvs_duplicate', 'prvReadrdvs_duplicate', 'prvWriterdvs_duplicate', 'prvDeleterdvs_duplicate'],
      source: ACCESS_RIGHTS,
    },
    {
      does: 'points a possible duplicate to its contacts',
      needs: ['prvAppendrdvs_duplicate', 'prvAppendToContact'],
      source: `${ACCESS_RIGHTS}: append a record, append to a record`,
    },
  ],
};

/** What those need who look at possible duplicates: they say `distinct`, or merge, after which the rows follow. */
const duplicateOperations: readonly Operation[] = [
  {
    does: 'reads possible duplicates, and says which are distinct',
    needs: ['prvReadrdvs_duplicate', 'prvWriterdvs_duplicate', 'prvAppendrdvs_duplicate'],
    source: `${ACCESS_RIGHTS}; inference: rows that follow a merge ask Write and Append`,
  },
];

/** What the worker does, from `read.ts` and `perform.ts`. */
export const connectorOperations: readonly Operation[] = [
  {
    does: 'reads links, contacts, appointments with their attendees, and users by e-mail',
    needs: ['prvReadrdvs_link', 'prvReadContact', 'prvReadActivity', 'prvReadUser'],
    source: ACCESS_RIGHTS,
  },
  ...Object.values(writing).flat(),
  {
    does: 'gives rows to the agent or to the team of the organisation, and appointments to another when the agent changes',
    needs: ['prvAssignContact', 'prvAssignActivity', 'prvReadUser', 'prvReadTeam'],
    source: 'Microsoft Learn, "Assign message privileges"; inference: the owner must be readable',
  },
];

/** What CRM users need beside their usual roles. They write no links: a forged link leads the connector to another person. */
export const readerOperations: readonly Operation[] = [
  { does: 'reads links', needs: ['prvReadrdvs_link'], source: ACCESS_RIGHTS },
  { does: 'reads motifs', needs: ['prvReadrdvs_motif'], source: ACCESS_RIGHTS },
];

/** What CRM users need on the rows that are their own, or of a team of theirs, or shared with them. */
export const ownRowsOperations: readonly Operation[] = [
  { does: 'reads the participations of one’s own RDV', needs: ['prvReadrdvs_participation'], source: ACCESS_RIGHTS },
  {
    does: 'reads the referents whom one is, or whose usagers one follows',
    needs: ['prvReadrdvs_referent'],
    source: ACCESS_RIGHTS,
  },
];

/** What the few people who merge contacts need, beside the right to merge that they already have. */
export const mergerOperations: readonly Operation[] = [
  ...duplicateOperations,
  { does: 'reads links', needs: ['prvReadrdvs_link'], source: ACCESS_RIGHTS },
  {
    does: 'merges contacts: their links, participations and referents follow',
    needs: [
      'prvWriterdvs_link',
      'prvAppendrdvs_link',
      'prvReadrdvs_participation',
      'prvWriterdvs_participation',
      'prvAppendrdvs_participation',
      'prvReadrdvs_referent',
      'prvWriterdvs_referent',
      'prvAppendrdvs_referent',
    ],
    source:
      'Microsoft Learn, "Merge message privileges": merging contacts asks Write and Append on the activities that follow; ' +
      'inference: the same on any table whose rows follow',
  },
];

/** What functional admins need who decide how the RDV of a motif are treated. */
export const motifOperations: readonly Operation[] = [
  {
    does: 'fills subject, owner team and handling of motifs',
    needs: ['prvReadrdvs_motif', 'prvWriterdvs_motif'],
    source: ACCESS_RIGHTS,
  },
  {
    does: 'points a motif to its owner team',
    needs: ['prvAppendrdvs_motif', 'prvReadTeam', 'prvAppendToTeam'],
    source: `${ACCESS_RIGHTS}: append a record, append to a record`,
  },
];

/** What those need who follow the connector and settle incidents. */
export const followerOperations: readonly Operation[] = [
  ...duplicateOperations,
  {
    does: 'reads incidents, and chooses to replay or to discard',
    needs: ['prvReadrdvs_incident', 'prvWriterdvs_incident'],
    source: ACCESS_RIGHTS,
  },
  { does: 'reads the state and the runs of the connector', needs: ['prvReadrdvs_run'], source: ACCESS_RIGHTS },
];

/** What the connector needs beside its role while NOTIFY_IN_DYNAMICS is true. */
export const notifierOperations: readonly Operation[] = [
  {
    does: 'finds who has “Suivi”, by the role or by a team',
    needs: ['prvReadRole', 'prvReadUser', 'prvReadTeam'],
    source: ACCESS_RIGHTS,
  },
  {
    does: 'sends in-app notifications to others',
    needs: ['prvCreateappnotification', 'prvReadappnotification', 'prvAssignappnotification'],
    source:
      'Microsoft Learn, "Send in-app notifications within model-driven apps", security; inference: Assign, since the recipient is the owner',
    whereItExists: true,
  },
];

/** The privileges that operations need, each once; those that every environment has, or all. */
export function privilegesFor(operations: readonly Operation[]): { always: Privilege[]; whereTheyExist: Privilege[] } {
  const needs = (optional: boolean) => [
    ...new Set(
      operations
        .filter(({ whereItExists = false }) => whereItExists === optional)
        .flatMap((operation) => operation.needs),
    ),
  ];
  return { always: needs(false), whereTheyExist: needs(true) };
}

/** What the connector does with a privilege, for a reader. */
export function uses(privilege: Privilege): string {
  const operations = [
    ...connectorOperations,
    ...readerOperations,
    ...ownRowsOperations,
    ...mergerOperations,
    ...motifOperations,
    ...followerOperations,
    ...notifierOperations,
  ].filter(({ needs }) => needs.includes(privilege));
  return operations.map(({ does }) => does).join('; ');
}
