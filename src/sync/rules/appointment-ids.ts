// Appointments have ids derived from names, whatever they show.
import { derivedId } from '../model/link-names.ts';

const APPOINTMENT_NAMESPACE = '0c8f0f52-3b0e-4a5e-8d51-2f6c1f7a9b33';

export const derivedAppointmentId = (name: string) => derivedId(name, APPOINTMENT_NAMESPACE);
