// The security roles that come with the connector. Names of roles have one language: French.

import {
  connectorOperations,
  followerOperations,
  mergerOperations,
  motifOperations,
  notifierOperations,
  ownRowsOperations,
  type Privilege,
  privilegesFor,
  readerOperations,
} from './privileges.ts';

export interface Role {
  /** The same in every environment, as when the solution is exported and imported. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly privileges: readonly Privilege[];
  /** Granted where the environment has the table they are about. */
  readonly optionalPrivileges: readonly Privilege[];
  /** Granted for rows of one's own and of one's teams alone (depth Basic). */
  readonly ownRowsPrivileges?: readonly Privilege[];
}

const connector = privilegesFor(connectorOperations);
const reader = privilegesFor(readerOperations);
const merger = privilegesFor(mergerOperations);
const motifManager = privilegesFor(motifOperations);
const follower = privilegesFor(followerOperations);
const notifier = privilegesFor(notifierOperations);

/** For the application user alone. */
export const connectorRole: Role = {
  id: '3b7a0d1e-6f52-4a8e-9c31-5d2e8f4b6a10',
  name: 'Connecteur RDV-Solidarités',
  description: "Droits du connecteur RDV-Solidarités, et rien d'autre. À donner à son utilisateur d'application.",
  privileges: connector.always,
  optionalPrivileges: connector.whereTheyExist,
};

/** For CRM users, beside the roles they have. */
export const readerRole: Role = {
  id: '9e4c2b7f-1a63-4d0b-8f25-7c6a3e9d5b20',
  name: 'Lecture RDV-Solidarités',
  description:
    'Pour les utilisateurs : lire les liens et les motifs RDV-Solidarités, les participations à leurs RDV et leurs référents.',
  privileges: reader.always,
  optionalPrivileges: reader.whereTheyExist,
  ownRowsPrivileges: privilegesFor(ownRowsOperations).always,
};

/** For the few CRM users who merge contacts: their links follow. */
export const mergerRole: Role = {
  id: '4d8f2a6c-3e91-4b57-a0c8-1b9e5d7f3a40',
  name: 'Fusion RDV-Solidarités',
  description: 'Pour les utilisateurs qui fusionnent des contacts : leurs liens RDV-Solidarités suivent.',
  privileges: merger.always,
  optionalPrivileges: merger.whereTheyExist,
};

/** For functional admins, beside “Lecture”: how the RDV of a motif are treated. */
export const motifRole: Role = {
  id: '5e2a9c7d-4b16-4f83-9d05-3c8f1a6b7e70',
  name: 'Motifs RDV-Solidarités',
  description: "Pour les administrateurs fonctionnels : choisir l'objet, l'équipe et le traitement des RDV d'un motif.",
  privileges: motifManager.always,
  optionalPrivileges: motifManager.whereTheyExist,
};

/** For those who follow the connector: incidents, and its state. Nobody else sees these. */
export const followerRole: Role = {
  id: '8a5d3e1f-7c24-4f96-b3d8-0e6a9c2b5f50',
  name: 'Suivi RDV-Solidarités',
  description: 'Pour les personnes qui suivent le connecteur : voir son état, et régler les incidents.',
  privileges: follower.always,
  optionalPrivileges: follower.whereTheyExist,
};

/** For the application user, while it sends in-app notifications: it may then read those of everybody. */
export const notifierRole: Role = {
  id: '6c1e9b4d-5a37-4d82-8e0f-2b7d4f6a8c60',
  name: 'Notifications RDV-Solidarités',
  description: "Pour l'utilisateur d'application, si NOTIFY_IN_DYNAMICS est actif : prévenir les personnes du suivi.",
  privileges: notifier.always,
  optionalPrivileges: notifier.whereTheyExist,
};

export const roles: readonly Role[] = [connectorRole, readerRole, mergerRole, motifRole, followerRole, notifierRole];

/** Every privilege that some role of ours asks for. */
export const allPrivileges: readonly Privilege[] = [
  ...new Set(
    roles.flatMap(({ privileges, optionalPrivileges, ownRowsPrivileges = [] }) => [
      ...privileges,
      ...optionalPrivileges,
      ...ownRowsPrivileges,
    ]),
  ),
];
