// The standard columns of `contact` and `appointment` that the connector writes, as every environment has them.

interface StandardColumn {
  type: 'string' | 'date' | 'datetime' | 'state' | 'status';
  /** Characters, as UTF-16 code units. An environment may have lengthened or shortened the column. */
  maxLength?: number;
}

/**
 * Source: Microsoft Learn, "Contact table/entity reference" and "Appointment table/entity reference"
 * (power-apps/developer/data-platform/reference/entities).
 */
export const standardColumns = {
  contact: {
    firstname: { type: 'string', maxLength: 50 },
    lastname: { type: 'string', maxLength: 50 },
    emailaddress1: { type: 'string', maxLength: 100 },
    birthdate: { type: 'date' },
    mobilephone: { type: 'string', maxLength: 50 },
    telephone1: { type: 'string', maxLength: 50 },
    address1_line1: { type: 'string', maxLength: 250 },
    address1_line2: { type: 'string', maxLength: 250 },
    address1_postalcode: { type: 'string', maxLength: 20 },
    address1_city: { type: 'string', maxLength: 80 },
    statecode: { type: 'state' },
    statuscode: { type: 'status' },
  },
  appointment: {
    subject: { type: 'string', maxLength: 200 },
    location: { type: 'string', maxLength: 200 },
    scheduledstart: { type: 'datetime' },
    scheduledend: { type: 'datetime' },
    statecode: { type: 'state' },
    statuscode: { type: 'status' },
  },
} as const satisfies Record<string, Record<string, StandardColumn>>;

export type StandardTable = keyof typeof standardColumns;
export type StandardColumnName<T extends StandardTable> = keyof (typeof standardColumns)[T] & string;

interface StatePair {
  statecode: number;
  statuscode: number;
}

/**
 * A state and the reason that goes with it. Both are always sent together; Dataverse refuses pairs it does not know
 * (error 0x80048408) and refuses any state on create (same references, columns StateCode and StatusCode).
 */
export const contactStates = {
  active: { statecode: 0, statuscode: 1 },
  inactive: { statecode: 1, statuscode: 2 },
} as const satisfies Record<string, StatePair>;

export const appointmentStates = {
  open: { statecode: 0, statuscode: 1 },
  completed: { statecode: 1, statuscode: 3 },
  canceled: { statecode: 2, statuscode: 4 },
  scheduled: { statecode: 3, statuscode: 5 },
  outOfOffice: { statecode: 3, statuscode: 6 },
} as const satisfies Record<string, StatePair>;

export type AppointmentState = keyof typeof appointmentStates;
