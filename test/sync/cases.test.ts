// The cases that the sender's behaviour imposes (its sources and its issues), and where each is proved or decided.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Case {
  readonly about: string;
  /** File under `test/`, then the titles of its tests. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
  /** What no test can show, or what was decided instead. */
  readonly decision?: string;
}

const CASES: readonly Case[] = [
  {
    about: '1. signature over raw bytes',
    tests: {
      'rdv-solidarites/signature.test.ts': [
        'signs with %s as the sender does (vector %#)',
        'tells a composed é from a decomposed one',
        'fails a body that was parsed and written again',
      ],
    },
  },
  {
    about: '2. signature header of any kind, several secrets',
    tests: {
      'rdv-solidarites/signature.test.ts': [
        'refuses the header %j without failing',
        'finds which of several secrets signed',
      ],
      'intake/receive.test.ts': ['answers 401 to the signature %j'],
    },
    decision: 'Upper-case hexadecimal is accepted.',
  },
  {
    about: '3. apostrophes and signs in names and motifs',
    tests: {
      'sync/contact.test.ts': ['passes %j unchanged'],
      'sync/appointment.test.ts': ['passes apostrophes and signs of a motif unchanged'],
    },
    decision:
      'Rows are found by ids that are computed: no text of the sender ever enters a query, but for e-mails of agents.',
  },
  {
    about: '4. usager without e-mail and telephone',
    tests: {
      'sync/contact.test.ts': [
        'takes a usager without e-mail and telephone',
        'takes a text of blanks for none, and drops outer blanks',
      ],
    },
  },
  {
    about: '5. one e-mail for several usagers',
    tests: {
      'sync/contact.test.ts': [
        'makes two contacts of two usagers who share everything',
        'lets a usager take the e-mail of another one',
      ],
    },
  },
  {
    about: '6. proches and their responsibles',
    tests: {
      'sync/contact.test.ts': [
        'creates the responsible first, ties the proche to it, and copies neither e-mail nor address',
        'comes out the same whether it or its responsible arrives first',
        'follows a responsible that is replaced, then removed',
      ],
    },
  },
  {
    about: '7. out of order, same second, days late',
    tests: {
      'sync/order.test.ts': [
        'ignores a snapshot that is %i seconds older',
        'keeps a cancelled RDV cancelled when its older update arrives last',
        'the later receipt wins, whichever is applied first',
      ],
      'sync/order.property.test.ts': [
        'whatever arrives, in whatever order, Dynamics ends as if the history had been read once',
      ],
    },
  },
  {
    about: '8. destroyed before all, updates after',
    tests: {
      'sync/endings.test.ts': [
        'needs no earlier notification, and no late one brings it back (%s)',
        'ends the same in every order of its notifications',
      ],
    },
    decision: 'Tombstones are never removed.',
  },
  {
    about: '9. duplicates',
    tests: {
      'sync/order.test.ts': [
        'writes nothing for a body that was applied',
        'writes a status change once, though the sender tells it twice',
        'writes a usager of four organisations once',
        'ends with the new agents and the new date when the pair of an edit arrives %s',
        'touches neither contact nor appointment in a burst of a hundred for one collective RDV',
      ],
    },
  },
  {
    about: '10. usager whom only an RDV announces',
    tests: {
      'sync/appointment.test.ts': ['come in with the RDV, complete', 'include the responsible, who is no attendee'],
    },
  },
  {
    about: '11. membership destroyed',
    tests: {
      'sync/endings.test.ts': [
        'changes nothing while a membership is left (%s)',
        'takes the policy %s with the last membership',
        'leaves a proche in place, tied to it',
        'after years without activity creates nobody, and updates nobody',
      ],
    },
  },
  {
    about: '12. anonymised usager inside a later RDV',
    tests: {
      'sync/endings.test.ts': [
        'never overwrite a contact: %s',
        'never create one; the RDV is written without that person',
        'give way to the person when an older notification brings it',
      ],
    },
  },
  {
    about: '13. usagers merged by the sender',
    tests: {
      'sync/endings.test.ts': [
        'leave one appointment, of the target, in every order (%s)',
        'leave one attendee when both took part',
      ],
    },
  },
  {
    about: '14. statuses',
    tests: {
      'sync/appointment.test.ts': [
        'reopens an RDV whose cancellation is taken back',
        'keeps an RDV of mixed participations open, the excused one optional',
        'writes when it was cancelled, also for a no-show',
        'leaves a status of the future behind when a known one comes',
      ],
      'rdv-solidarites/notification.test.ts': ['keeps a status that is not known yet'],
    },
    decision:
      'The status of one participation shows as required or optional; a row per participation is a later feature.',
  },
  {
    about: '15. places',
    tests: {
      'sync/appointment.test.ts': [
        'shows %s',
        'follows an RDV that moves from a lieu to the telephone, and clears a place that ends',
      ],
      'sync/endings.test.ts': ['keeps its date and its status, and loses texts, places, people and hashes'],
    },
  },
  {
    about: '16. collective RDV',
    tests: {
      'sync/appointment.test.ts': [
        'takes %i participants in one change set',
        'takes more participants than the RDV has places',
        'believes `participations`, not `users` nor `users_count`',
        'drops a participant who is removed, and keeps the contact',
        'writes the people first and the RDV last when there are more than 900 operations',
      ],
      'intake/receive.test.ts': ['stores the body apart exactly when the finished envelope would exceed 48,000 bytes'],
    },
  },
  {
    about: '17. texts longer than their column',
    tests: {
      'sync/contact.test.ts': ['cuts %s, and reports the column', 'reports nothing for a text that fits exactly'],
      'sync/appointment.test.ts': ['cuts a title that is longer than its column, and reports it'],
    },
    decision: 'The context of an RDV is not mapped.',
  },
  {
    about: '18. daylight saving and zones',
    tests: {
      'sync/appointment.test.ts': [
        'writes the exact instant of %s',
        'writes nothing when the same instant is told in another zone',
      ],
      'rdv-solidarites/times.test.ts': ['orders as text what is ordered in time, in whatever zone it was written'],
    },
  },
  {
    about: '19. keys removed, added, missing; unknown models and events',
    tests: {
      'sync/trample.test.ts': [
        'an absent key changes nothing, in any field',
        'an absent key of an RDV changes nothing, in any field',
        'fields of 2024 that later bodies lack do no harm',
      ],
      'rdv-solidarites/notification.test.ts': [
        'tells an absent key from null',
        'reads both forms of meta, and trusts the time of rendering',
        'lets new keys, new values and changed types pass, and names them without their values',
        'knows models and events that it does not know',
      ],
    },
  },
  {
    about: '20. bulk trigger',
    tests: {
      'sync/order.test.ts': [
        'takes `created` of a known record, as a bulk trigger sends it, for the snapshot that it is',
      ],
    },
    decision: 'Calls to Dataverse are bounded per process; a slower lane for bulk triggers is a later feature.',
  },
  {
    about: '21. agents without e-mail, unknown, several, deleted',
    tests: {
      'sync/appointment.test.ts': [
        'names agents %s',
        'falls back on %s',
        'takes the first agent who uses Dynamics',
        'follow the agents of the RDV, and give it back to the team when nobody is known',
      ],
    },
  },
  {
    about: '22. absences and plages',
    tests: {
      'delivery/calendars.test.ts': [
        'of no organisation keeps the clock of Paris; of an overseas one, its own',
        'that says the same again is unchanged: its link alone is written',
        '%s',
      ],
      'rdv-solidarites/recurrence.test.ts': ['%s'],
    },
  },
  {
    about: '23. motifs',
    tests: {
      'delivery/motif.test.ts': [
        'is renamed by its own notification, and not touched by an RDV that names it as it is',
        'one that was %s is inactive, with its date, and stays so',
      ],
    },
    decision:
      'An RDV shows the motif of its own body, and points to the row of its id: nothing is looked up by the name of a motif.',
  },
  {
    about: '24. answers',
    tests: {
      'intake/receive.test.ts': [
        'accepts what is signed, and hands it over before it answers',
        'answers 413 to a body above the limit, whatever its header claims',
        'never answers with a sentence that the sender takes for success, nor with HTML',
      ],
      'rdv-solidarites/notification.test.ts': ['says what is wrong with %s'],
    },
    decision: 'Dataverse is never called before the answer: when it is down or busy, the queue waits.',
  },
  {
    about: '25. telephones',
    tests: {
      'sync/contact.test.ts': ['puts %s in its column', 'moves a number that changes from mobile to fixed, and back'],
    },
  },
  {
    about: '26. echo of a call to the sender',
    tests: { 'sync/order.test.ts': ['an echo changes nothing in Dynamics'] },
    decision: 'The connector calls nobody but Dataverse.',
  },
  {
    about: '27. update of a usager that changes nothing',
    tests: { 'sync/order.test.ts': ['about a usager'], 'sync/trample.test.ts': ['by an update that changes nothing'] },
  },
];

describe('the cases of the sender', () => {
  test('are all listed, once and in order', () => {
    const numbers = CASES.map(({ about }) => Number.parseInt(about, 10));
    expect(numbers).toEqual(Array.from({ length: 27 }, (_, index) => index + 1));
  });

  test.each(CASES)('$about', ({ tests }) => {
    const missing = Object.entries(tests).flatMap(([file, titles]) => {
      const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
      return titles.filter((title) => !['"', "'"].some((quote) => text.includes(quote + title + quote)));
    });
    expect(missing).toEqual([]);
    expect(Object.keys(tests)).not.toEqual([]);
  });
});
