// Links: one row of `rdvs_link` per record of RDV-Solidarités. How they are named, and the ids that follow from names.
// Each kind of record makes its own names, in its folder.
import { v5 as uuidV5 } from 'uuid';

/** The name of a link, as `usager-12`, or `profile-12-7` for a membership (usager, then organisation). */
export type LinkName = string & { readonly __brand: 'LinkName' };
export type Guid = string & { readonly __brand: 'Guid' };

const LINK_NAMESPACE = '6f1a5c0e-5d2b-4c3e-9a41-7d0b5a3c9e10';

/** Names a link after the sender's ids of its record. */
export const nameOf = (kind: string, ...ids: readonly number[]) => [kind, ...ids].join('-') as LinkName;

/** An id that is derived from a name, so that two writers of one record can only meet in one row. */
export const derivedId = (name: string, namespace: string) => uuidV5(name, namespace) as Guid;

/** A link's primary key. */
export const linkId = (name: LinkName) => derivedId(name, LINK_NAMESPACE);
