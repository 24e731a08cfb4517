// The security roles that come with the connector. Names of roles have one language: French.

import {
  connectorOperations,
  mergerOperations,
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
}

const connector = privilegesFor(connectorOperations);
const reader = privilegesFor(readerOperations);
const merger = privilegesFor(mergerOperations);

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
  description: 'Pour les utilisateurs : lire les liens et les motifs RDV-Solidarités.',
  privileges: reader.always,
  optionalPrivileges: reader.whereTheyExist,
};

/** For the few CRM users who merge contacts: their links follow. */
export const mergerRole: Role = {
  id: '4d8f2a6c-3e91-4b57-a0c8-1b9e5d7f3a40',
  name: 'Fusion RDV-Solidarités',
  description: 'Pour les utilisateurs qui fusionnent des contacts : leurs liens RDV-Solidarités suivent.',
  privileges: merger.always,
  optionalPrivileges: merger.whereTheyExist,
};

export const roles: readonly Role[] = [connectorRole, readerRole, mergerRole];

/** Every privilege that some role of ours asks for. */
export const allPrivileges: readonly Privilege[] = [
  ...new Set(roles.flatMap(({ privileges, optionalPrivileges }) => [...privileges, ...optionalPrivileges])),
];
