// The door of the stand-in: RDV-Solidarités as the connector meets it, with an invented département.
import { setTimeout as pauseFor } from 'node:timers/promises';
import { listen } from '../../functions-host/listen.ts';
import { createActs } from '../acts/acts.ts';
import { type Application, createOAuth } from '../api/oauth.ts';
import { createSignIn } from '../api/sign-in.ts';
import { type Clock, type ManualClock, realClock } from '../records/clock.ts';
import { inventDepartement, READER, type Size, SMALL } from '../records/departement.ts';
import { rollDice } from '../records/random.ts';
import { createRender } from '../records/render.ts';
import { createStore } from '../records/store.ts';
import type { Era } from '../sender-json.ts';
import { createDeliveries } from '../webhooks/deliveries.ts';
import { describeModels } from '../webhooks/models.ts';
import { DELIVERY_TIMEOUT_MS, type Delivery, post, type Received } from '../webhooks/send.ts';
import { type Fault, Faults } from './faults.ts';
import { createJournal } from './journal.ts';
import { createSenderServer } from './server.ts';

export { type ManualClock, manualClock } from '../records/clock.ts';
export { INSTALLER, LARGE, PASSWORD, READER, SMALL } from '../records/departement.ts';
export { SUBSCRIPTION_NAMES } from '../webhooks/models.ts';

export interface SenderOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** `2026` (default), or the API and the bodies of October 2024. */
  readonly profile?: Era;
  /** The times in `meta`; the profile's own when absent. */
  readonly meta?: Era;
  readonly clock?: Clock;
  readonly seed?: number;
  /** Of the invented département; absent: three organisations, 30 usagers, 60 RDV. */
  readonly size?: Size;
  /** `ALLOWED_WEBHOOK_HOSTS`; absent: none. */
  readonly allowedHosts?: readonly string[] | 'any';
  /** false: an instance without /api/v1/auth. */
  readonly passwordSignIn?: boolean;
  readonly application?: Application;
  /**
   * Order of the lists that have none. `shuffled` (default): another one each call. `turning`: another beginning each call,
   * as PostgreSQL's synchronised scans. `steady`: as most days.
   */
  readonly disorder?: 'shuffled' | 'turning' | 'steady';
  /** Real time, ms. */
  readonly deliveryTimeoutMs?: number;
  /** Takes the place of HTTP. */
  readonly deliver?: (delivery: Delivery) => Promise<Received>;
}

/** The application that the RDV team would have registered. */
export const LOCAL_APPLICATION: Application = {
  clientId: 'local-client',
  clientSecret: 'local-client-secret',
  redirectUris: ['https://localhost/connected', 'https://connecteur.example.org/oauth/retour'],
};

export type Sender = Awaited<ReturnType<typeof startSender>>;

/**
 * Starts it on the loopback interface.
 *
 * @throws {PortTaken}
 */
export async function startSender(options: SenderOptions = {}) {
  const { profile: era = '2026', clock = realClock, seed = 1, size = SMALL } = options;
  const { application = LOCAL_APPLICATION, allowedHosts = [], passwordSignIn = true } = options;
  const skew = { router: 0, jobs: 0 };
  const store = createStore(clock);
  inventDepartement(store, { size, seed, at: clock.now() });
  store.startRecording();

  const jobsNow = () => clock.now() + skew.jobs;
  const render = createRender(store, era, jobsNow);
  const dice = rollDice(seed + 1);
  const deliveries = createDeliveries({
    ...{ store, clock, dice, era, meta: options.meta ?? era, now: jobsNow },
    models: describeModels(store, render),
    send: options.deliver ?? ((delivery) => post(delivery, options.deliveryTimeoutMs ?? DELIVERY_TIMEOUT_MS)),
  });
  const acts = createActs({ store, clock, announce: deliveries.announce });
  const oauth = createOAuth({ application, clock });
  oauth.consentAs(READER);
  const [faults, journal] = [new Faults(), createJournal()];
  const signIn = passwordSignIn ? createSignIn({ store, clock }) : undefined;
  const disorder = <T>(rows: readonly T[]): readonly T[] => {
    if (options.disorder === 'steady') return rows;
    if (options.disorder !== 'turning') return dice.shuffled(rows);
    const from = dice.between(0, Math.max(0, rows.length - 1));
    return [...rows.slice(from), ...rows.slice(0, from)];
  };
  const api = { store, acts, render, era, oauth, signIn, disorder, allowedHosts, trigger: deliveries.trigger };
  const date = () => clock.now() + skew.router;
  const server = createSenderServer({ api, clock, faults, journal, deliveries, date });
  const cut = new AbortController();
  const { url } = await listen(server, options.port ?? 0, cut.signal);

  /** Resolves when no delivery is on its way; those that wait for their next try may remain. */
  const settled = async () => {
    while (deliveries.pending() > 0) await pauseFor(2);
  };
  return {
    url,
    store,
    clock,
    deliveries,
    /** What people and the night do there, each with the webhooks that it sends. */
    acts,
    /** ms by which the clocks of the router (`Date`) and of the job workers (`meta`) are ahead of the sender's own. */
    skew,
    requests: journal,
    addFault: (fault: Fault): void => faults.add(fault),
    clearFaults: (): void => faults.clear(),
    /** Who says yes on the page of consent, or that somebody says no. */
    consentAs: oauth.consentAs,
    /** An access token without the dance. */
    tokenFor: oauth.tokenFor,
    /** What the agent consented to ends. */
    revokeConsent: oauth.revokeAll,
    settled,
    /** Lets time pass on a clock that tests set: each delivery that falls due is made at its moment. */
    passTime: async (manual: ManualClock, ms: number): Promise<void> => {
      const end = manual.now() + ms;
      await settled();
      for (let next = manual.next(); next !== undefined && next <= end; next = manual.next()) {
        manual.moveTo(next);
        await settled();
      }
      manual.moveTo(end);
    },
    stop: async (): Promise<void> => {
      deliveries.stop();
      cut.abort();
    },
  };
}
