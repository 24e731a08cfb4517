// Rules of Dataverse's own duplicate detection that fit the contacts of usagers: it warns whoever saves a form. Made on demand alone,
// because at most five rules a table can be published, and publishing reads every contact.

import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { withDeadline } from '../dataverse/deadline.ts';
import { fail, wordsOf } from './failure.ts';
import { listOf, type Read, reader } from './read.ts';
import type { Pause } from './wait.ts';

/** `operatorcode` and `statuscode` (Microsoft Learn, DuplicateRuleCondition and DuplicateRule references). */
const OPERATOR = { exact: 0, sameFirst: 1, sameDate: 3 } as const;
const STATUS = { unpublished: 0, publishing: 1, published: 2 } as const;

const DEADLINE_MS = 120_000;
/** Publishing is a job of Dataverse's, which computes a match code for every contact: how long it is watched, in ms. */
const WAITS_MS = [0, 1_000, 4_000, 10_000, 20_000, 30_000];

interface Condition {
  readonly column: string;
  readonly operator: keyof typeof OPERATOR;
  readonly characters?: number;
}

interface Rule {
  readonly id: string;
  readonly name: string;
  readonly conditions: readonly Condition[];
}

const BIRTH_DATE: Condition = { column: 'birthdate', operator: 'sameDate' };

/** No distance, no accents and no hyphens are known there: beginnings of names, beside a birth date. */
export const DUPLICATE_RULES: readonly Rule[] = [
  {
    id: '9b1f0c52-6f0e-4f5e-8d0a-5f6c1f2a7d01',
    name: 'RDV-Solidarités : nom de famille et date de naissance',
    conditions: [{ column: 'lastname', operator: 'sameFirst', characters: 4 }, BIRTH_DATE],
  },
  {
    id: '9b1f0c52-6f0e-4f5e-8d0a-5f6c1f2a7d02',
    name: 'RDV-Solidarités : prénom et date de naissance',
    conditions: [{ column: 'firstname', operator: 'sameFirst', characters: 4 }, BIRTH_DATE],
  },
];

/** `publishing`: the job goes on. `refused`: with Dataverse's own words. */
export interface RuleReport {
  readonly name: string;
  readonly result: 'published' | 'unchanged' | 'publishing' | 'refused';
  readonly reason?: string;
}

/**
 * Creates the rules and publishes them. One that is there stays as people made it, and is published again when it is not.
 *
 * @throws ProvisionError when rules cannot be read or created; a publication that is refused is reported
 */
export async function publishRules(client: DynamicsWebApi, pause: Pause = sleep): Promise<readonly RuleReport[]> {
  const reports: RuleReport[] = [];
  for (const rule of DUPLICATE_RULES) reports.push(await publishRule(client, rule, pause));
  return reports;
}

async function publishRule(client: DynamicsWebApi, rule: Rule, pause: Pause): Promise<RuleReport> {
  const { id, name } = rule;
  const read = reader(client);
  const before = await statusOf(read, id).catch((error: unknown) => fail(name, error));
  if (before === STATUS.published) return { name, result: 'unchanged' };
  await create(client, rule, before).catch((error: unknown) => fail(name, error));
  if (before !== STATUS.publishing) {
    try {
      await inTime((signal) =>
        client.callAction({ actionName: 'PublishDuplicateRule', action: { DuplicateRuleId: id }, signal }),
      );
    } catch (error) {
      return { name, result: 'refused', reason: wordsOf(error) };
    }
  }
  for (const ms of WAITS_MS) {
    await pause(ms);
    const status = await statusOf(read, id).catch((error: unknown) => fail(name, error));
    if (status === STATUS.published) return { name, result: 'published' };
    if (status === STATUS.unpublished) return { name, result: 'refused', reason: 'the job of Dataverse failed' };
  }
  return { name, result: 'publishing' };
}

/** Makes what is missing of a rule: an interrupted run may have left it without its conditions. */
async function create(client: DynamicsWebApi, { id, name, conditions }: Rule, status: number | undefined) {
  if (status === undefined) {
    const data = {
      duplicateruleid: id,
      name,
      baseentityname: 'contact',
      matchingentityname: 'contact',
      iscasesensitive: false,
      excludeinactiverecords: true,
    };
    await inTime((signal) => client.create({ collection: 'duplicaterules', data, signal }));
  }
  const there = await reader(client)(listOf({ baseattributename: z.string() }), (api, signal) =>
    api.retrieveMultiple({
      collection: 'duplicateruleconditions',
      select: ['baseattributename'],
      filter: `_regardingobjectid_value eq ${id}`,
      signal,
    }),
  );
  // Who changed a condition has changed the rule: only one without any, or that we just made, is completed.
  if (status !== undefined && there.value.length > 0) return;
  for (const { column, operator, characters } of conditions) {
    const data = {
      baseattributename: column,
      matchingattributename: column,
      operatorcode: OPERATOR[operator],
      ...(characters === undefined ? {} : { operatorparam: characters }),
      ignoreblankvalues: true,
      'regardingobjectid@odata.bind': `/duplicaterules(${id})`,
    };
    await inTime((signal) => client.create({ collection: 'duplicateruleconditions', data, signal }));
  }
}

async function statusOf(read: Read, id: string): Promise<number | undefined> {
  const { value } = await read(listOf({ statuscode: z.number().nullish() }), (api, signal) =>
    api.retrieveMultiple({
      collection: 'duplicaterules',
      select: ['statuscode'],
      filter: `duplicateruleid eq ${id}`,
      signal,
    }),
  );
  const [rule] = value;
  return rule === undefined ? undefined : (rule.statuscode ?? STATUS.unpublished);
}

const inTime = <T>(call: (signal: AbortSignal) => Promise<T>) => withDeadline(DEADLINE_MS, call);
