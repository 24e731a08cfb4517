// The fields of the sender that a département may map to columns of its own. Lists (agents, participations) are not
// among them, and neither is `responsible`: a contact holds nothing about another person, who could not be erased there.

/** What a field holds. Fields with a closed list of values are texts. */
export type FieldKind = 'text' | 'whole' | 'decimal' | 'boolean' | 'date' | 'datetime';

const lieu = {
  'lieu.id': 'whole',
  'lieu.name': 'text',
  'lieu.address': 'text',
  'lieu.organisation_id': 'whole',
  'lieu.phone_number': 'text',
  'lieu.single_use': 'boolean',
  'lieu.enabled': 'boolean',
  'lieu.latitude': 'decimal',
  'lieu.longitude': 'decimal',
} as const satisfies Record<string, FieldKind>;

const motif = {
  'motif.id': 'whole',
  'motif.name': 'text',
  'motif.organisation_id': 'whole',
  'motif.service_id': 'whole',
  'motif.location_type': 'text',
  'motif.bookable_by': 'text',
  'motif.bookable_publicly': 'boolean',
  'motif.collectif': 'boolean',
  'motif.follow_up': 'boolean',
  'motif.deleted_at': 'datetime',
  'motif.instruction_for_rdv': 'text',
  'motif.motif_category.id': 'whole',
  'motif.motif_category.name': 'text',
  'motif.motif_category.short_name': 'text',
  'motif.default_duration_in_min': 'whole',
  'motif.min_public_booking_delay': 'whole',
  'motif.max_public_booking_delay': 'whole',
} as const satisfies Record<string, FieldKind>;

const organisation = {
  'organisation.id': 'whole',
  'organisation.name': 'text',
  'organisation.email': 'text',
  'organisation.phone_number': 'text',
  'organisation.verticale': 'text',
  'organisation.time_zone': 'text',
  'organisation.website': 'text',
  'organisation.public_link_id': 'text',
} as const satisfies Record<string, FieldKind>;

/** By the table of Dynamics that is filled: a usager's fields for `contact`, an RDV's for `appointment`. */
export const mappableFields = {
  contact: {
    id: 'whole',
    first_name: 'text',
    last_name: 'text',
    birth_name: 'text',
    birth_date: 'date',
    email: 'text',
    phone_number: 'text',
    phone_number_formatted: 'text',
    address: 'text',
    address_details: 'text',
    affiliation_number: 'text',
    responsible_id: 'whole',
    notify_by_sms: 'boolean',
    notify_by_email: 'boolean',
    created_at: 'datetime',
    caisse_affiliation: 'text',
    family_situation: 'text',
    number_of_children: 'whole',
    case_number: 'text',
    logement: 'text',
    notes: 'text',
    invitation_created_at: 'datetime',
    invitation_accepted_at: 'datetime',
  },
  appointment: {
    id: 'whole',
    address: 'text',
    cancelled_at: 'datetime',
    collectif: 'boolean',
    context: 'text',
    created_at: 'datetime',
    created_by: 'text',
    created_by_id: 'whole',
    created_by_type: 'text',
    duration_in_min: 'whole',
    ends_at: 'datetime',
    max_participants_count: 'whole',
    name: 'text',
    starts_at: 'datetime',
    status: 'text',
    time_zone: 'text',
    url_for_agents: 'text',
    users_count: 'whole',
    uuid: 'text',
    visio_url: 'text',
    ...lieu,
    ...motif,
    ...organisation,
  },
} as const satisfies Record<string, Record<string, FieldKind>>;

/** Those that the sender holds as sensitive (its page on notifications), by table. */
export const sensitiveFields: Readonly<Record<keyof typeof mappableFields, readonly string[]>> = {
  contact: [
    'affiliation_number',
    'caisse_affiliation',
    'case_number',
    'family_situation',
    'logement',
    'notes',
    'number_of_children',
  ],
  appointment: ['context'],
};

/** The value of a field of a record: undefined where the body does not have it, null where it says none. */
export function fieldOf(record: object, path: string): unknown {
  let value: unknown = record;
  for (const name of path.split('.')) {
    if (value == null) return value;
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  return value;
}
