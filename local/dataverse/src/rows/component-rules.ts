// What Dataverse asks of roles, publishers, solutions and in-app notifications, which are rows with rules of their own.
// Microsoft Learn: "Create a solution" (publisher prefix, version), "Web service error codes".

import { DataverseError, duplicateRecord, invalidArgument } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { Ref, Row, Value, Values } from '../store/row.ts';
import { isRef } from '../store/row.ts';

type Rule = (organization: Organization, row: Ref & { readonly values: Values }) => void;

const RULES: Readonly<Record<string, Rule>> = {
  role: (organization, role) => {
    const twin = othersLike(organization, role, 'name').find(
      ({ values }) => unitOf(organization, values) === unitOf(organization, role.values),
    );
    // RoleAlreadyExists.
    if (twin !== undefined)
      throw new DataverseError(
        400,
        '0x80041403',
        `A role with the specified name '${String(role.values['name'])}' already exists on business unit ${unitOf(organization, role.values)}. Role id: ${twin.id}`,
      );
  },
  publisher: (organization, publisher) => {
    // That the code is that of any row twice is an [inference].
    if (othersLike(organization, publisher, 'uniquename').length > 0) throw duplicateRecord();
    const prefix = publisher.values['customizationprefix'];
    // "2 to 8 characters, letters and numbers, begins with a letter, not mscrm"; the code is an [inference].
    if (!/^(?!mscrm)[a-z][a-z0-9]{1,7}$/i.test(String(prefix ?? '')))
      throw invalidArgument(`The customization prefix '${String(prefix)}' is not valid.`);
  },
  solution: (organization, solution) => {
    const { uniquename, version } = solution.values;
    // InvalidSolutionUniqueName: letters, numbers and underscores.
    if (!/^[A-Za-z_]\w*$/.test(String(uniquename ?? '')))
      throw new DataverseError(400, '0x8004f002', `The solution unique name '${String(uniquename)}' is not valid.`);
    // SolutionUniqueNameViolation.
    if (othersLike(organization, solution, 'uniquename').length > 0)
      throw new DataverseError(400, '0x8004f023', `A solution named '${String(uniquename)}' already exists.`);
    // InvalidSolutionVersion: major.minor.build.revision, where the last two may be left out.
    if (!/^\d+\.\d+(\.\d+){0,2}$/.test(String(version ?? '')))
      throw new DataverseError(400, '0x8004f01e', 'An invalid solution version was specified.');
  },
  // "Sending a notification to a team isn't supported"; how it is refused is an [inference].
  appnotification: (_, { values: { ownerid } }) => {
    if (isRef(ownerid) && ownerid.table === 'team')
      throw invalidArgument('A notification is for a user, not for a team.');
  },
};

/** Checks a row as it is about to be saved. */
export function refuseUnfitComponent(organization: Organization, row: Ref & { readonly values: Values }): void {
  RULES[row.table]?.(organization, row);
}

const folded = (value: Value | undefined) => String(value ?? '').toLowerCase();

function othersLike({ store }: Organization, { table, id, values }: Ref & { values: Values }, column: string): Row[] {
  return [...store.rows(table)].filter(
    (other) => other.id !== id && folded(other.values[column]) === folded(values[column]),
  );
}

function unitOf({ businessUnit }: Organization, { businessunitid }: Values): string {
  return isRef(businessunitid) ? businessunitid.id : businessUnit.id;
}
