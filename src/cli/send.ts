// `connector send`: plays RDV-Solidarités, signing files and posting them to the receiver.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { SHORTEST_SECRET, SOURCE } from '../intake/secrets.ts';
import { isLoopback } from '../loopback.ts';
import { sign } from '../rdv-solidarites/signature.ts';
import type { Environment } from '../settings.ts';
import { CommandError } from './environment.ts';
import { localSettings, waitForOutcome } from './send/outcome.ts';
import type { Terminal } from './terminal.ts';
import { COLON, join, type Text } from './text.ts';

/** The sender gives up after ten seconds (betagouv/rdv-service-public app/jobs/webhook_job.rb). */
const TIMEOUT_MS = 10_000;

interface SendOptions {
  wait: boolean;
  url?: string;
  source?: string;
  secret?: string;
}

export function addSend(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  program
    .command('send')
    .description(
      text({
        en: 'sign notifications (files) and post them, as RDV-Solidarités does',
        fr: 'signer des notifications (fichiers) et les envoyer, comme le fait RDV-Solidarités',
      }),
    )
    .argument(
      '<file...>',
      text({
        en: 'bodies of notifications, sent in the given order',
        fr: 'corps de notifications, envoyés dans l’ordre donné',
      }),
    )
    .option(
      '--url <url>',
      text({
        en: 'address of the receiver (default: the local one)',
        fr: 'adresse du récepteur (par défaut : le local)',
      }),
      parseUrl(terminal),
    )
    .option(
      '--source <label>',
      text({
        en: 'organisation, as the last part of the address',
        fr: 'organisation, comme dernière partie de l’adresse',
      }),
      parseSource(terminal),
    )
    .option(
      '--secret <secret>',
      text({
        en: 'shared secret (default: RDV_WEBHOOK_SECRET, or the local one)',
        fr: 'secret partagé (par défaut : RDV_WEBHOOK_SECRET, ou le local)',
      }),
    )
    .option(
      '--no-wait',
      text({ en: 'do not wait for what becomes of each one', fr: 'ne pas attendre ce que chacune devient' }),
    )
    .action(async (files: string[], options: SendOptions) => {
      const target = targetOf(options, terminal.environment);
      const settings = settingsFor(options, terminal.environment);
      let refused = 0;
      let left = 0;
      for (const file of files) {
        const body = await read(file);
        const { accepted, line, id } = await post(target, body);
        terminal.print(join([basename(file), line], COLON));
        if (!accepted) refused += 1;
        if (!options.wait || settings === undefined || !accepted || id === undefined) continue;
        const became = await waitForOutcome({ id, body, source: options.source }, settings, terminal);
        terminal.print(join([basename(file), became.line], COLON));
        if (!became.done) left += 1;
      }
      if (refused > 0)
        throw new CommandError({
          en: `${refused} of ${files.length} notifications were not accepted`,
          fr: `${refused} notifications sur ${files.length} n’ont pas été acceptées`,
        });
      if (options.wait && settings === undefined)
        terminal.complain({
          en: 'DATAVERSE_URL: not set here, so nobody looked what became of them',
          fr: 'DATAVERSE_URL : absent ici, personne n’a donc regardé ce qu’elles sont devenues',
        });
      if (left > 0)
        throw new CommandError({
          en: `${left} of ${files.length} notifications were not applied`,
          fr: `${left} notifications sur ${files.length} n’ont pas été appliquées`,
        });
    });
}

/** Where the outcome is seen: the environment's Dataverse and storage, or those of `npm start`. */
function settingsFor({ url }: SendOptions, environment: Environment): Environment | undefined {
  if (environment['DATAVERSE_URL']) return environment;
  return url === undefined ? { ...environment, ...localSettings(environment) } : undefined;
}

interface SendTarget {
  url: string;
  secret: string;
}

function targetOf(options: SendOptions, environment: Environment): SendTarget {
  const port = environment['FUNCTIONS_PORT'] || '7071';
  const { url = `http://127.0.0.1:${port}/api/notifications`, source } = options;
  const known = options.secret ?? environment['RDV_WEBHOOK_SECRET'];
  const secret = known || (isLoopback(url) ? 'local-secret' : undefined);
  if (secret === undefined) {
    throw new CommandError({
      en: 'RDV_WEBHOOK_SECRET or --secret: expected the secret of the receiver, for it is not local',
      fr: 'RDV_WEBHOOK_SECRET ou --secret : attendu, le secret du récepteur, car il n’est pas local',
    });
  }
  if (secret.trim().length < SHORTEST_SECRET && !isLoopback(url)) {
    throw new CommandError({
      en: `The secret is shorter than ${SHORTEST_SECRET} characters: the receiver never uses such a one`,
      fr: `Le secret a moins de ${SHORTEST_SECRET} caractères : le récepteur n’en utilise jamais de tel`,
    });
  }
  return { url: source ? `${url.replace(/\/+$/, '')}/${source}` : url, secret };
}

async function read(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return Uint8Array.from(await readFile(file));
  } catch (cause) {
    throw new CommandError({ en: `${file}: cannot be read`, fr: `${file} : illisible` }, { cause });
  }
}

const answer = z.object({ status: z.string().optional(), notificationId: z.string().optional() });

async function post({ url, secret }: SendTarget, body: Uint8Array<ArrayBuffer>) {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'X-Lapin-Signature': sign(secret, body) };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' }).catch((cause) => {
    throw new CommandError(silenceOf(url, cause), { cause });
  });
  const { data } = answer.safeParse(await response.json().catch(() => undefined));
  const line = [response.status, data?.status, data?.notificationId].filter(Boolean).join(' ');
  return { accepted: response.ok, line, id: data?.notificationId };
}

function silenceOf(url: string, error: Error): Text {
  const { origin } = new URL(url);
  if (error.name === 'TimeoutError')
    return {
      en: `${origin} did not answer within ${TIMEOUT_MS / 1000} s`,
      fr: `${origin} n’a pas répondu en ${TIMEOUT_MS / 1000} s`,
    };
  const { code } = z.looseObject({ code: z.string().optional() }).safeParse(error.cause).data ?? {};
  if (code === 'ECONNREFUSED' && isLoopback(url))
    return {
      en: `Nothing listens at ${origin}: run \`npm start\` first`,
      fr: `Rien n’écoute à ${origin} : lancez d’abord \`npm start\``,
    };
  const why = code ? ` (${code})` : '';
  return { en: `${origin} cannot be reached${why}`, fr: `${origin} est injoignable${why}` };
}

const parseUrl =
  ({ text }: Terminal) =>
  (value: string): string => {
    if (z.url({ protocol: /^https?$/ }).safeParse(value).success) return value;
    throw new InvalidArgumentError(
      text({ en: 'Expected an http or https address.', fr: 'Une adresse http ou https est attendue.' }),
    );
  };

const parseSource =
  ({ text }: Terminal) =>
  (value: string): string => {
    if (SOURCE.test(value)) return value;
    throw new InvalidArgumentError(
      text({
        en: 'Expected 1 to 64 letters, digits, hyphens or underscores.',
        fr: 'De 1 à 64 lettres non accentuées, chiffres, tirets ou tirets bas sont attendus.',
      }),
    );
  };
