// What an administrator does about a failure of the sender's API.

import type { SenderFailure } from '../../rdv-solidarites/api/failure.ts';

const CONSENT: Readonly<Record<string, string>> = {
  'not-connected': 'not connected',
  'connected-elsewhere': 'connected to another instance or application than SENDER_URL and SENDER_CLIENT_ID say',
  'tokens-not-stored': 'new tokens could not be stored, and the former ones are spent',
  invalid_grant: 'RDV-Solidarités no longer takes the stored tokens',
};

export function hintForSender({ kind, code, status, fields = [] }: SenderFailure): string {
  switch (kind) {
    case 'consent':
      return CONSENT[code] === undefined
        ? 'SENDER_URL: the sign-in was refused; is it right, and are SENDER_CLIENT_ID and SENDER_CLIENT_SECRET?'
        : `RDV-Solidarités: ${CONSENT[code]}: run \`sender connect\``;
    case 'forbidden':
      return 'RDV-Solidarités: this account lacks the right; see `sender status`';
    case 'refused':
    case 'absent':
      return `RDV-Solidarités refused the request (${[code, ...fields].join(', ')})`;
    case 'unreadable':
      return `RDV-Solidarités: an answer of an unknown form (${code}); is SENDER_URL right?`;
    case 'unavailable':
      return `SENDER_URL: no usable answer (${status === undefined ? code : `${status}, ${code}`}); is it right, and is RDV-Solidarités up?`;
  }
}
