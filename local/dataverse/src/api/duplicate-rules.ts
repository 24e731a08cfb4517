// Publishing the rules of duplicate detection. Microsoft Learn: PublishDuplicateRule and UnpublishDuplicateRule actions, "Duplicate
// rule tables" (five published rules a table), "Web service error codes".

import { randomUUID } from 'node:crypto';
import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer, done } from '../call/message.ts';
import { badRequest, rowDoesNotExist } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { text } from '../json.ts';
import type { Organization } from '../organization.ts';
import { admit } from '../rows/admission.ts';
import type { Row } from '../store/row.ts';

/** `statuscode` of a rule (DuplicateRule reference). */
const UNPUBLISHED = 0;
const PUBLISHING = 1;
const PUBLISHED = 2;

const MOST_PUBLISHED = 5;
/** Characters of a match code; the figure is that of the forms [inference]. */
const LONGEST_MATCH_CODE = 450;
/** Publishing is an asynchronous job: it goes on after the answer. */
const JOB_MS = 50;

/** `operatorcode` of the conditions that take a number of characters: same first, same last. */
const OF_SOME_CHARACTERS: readonly unknown[] = [1, 2];
/** A date in a match code [inference]. */
const DATE_LENGTH = 10;

export function publishDuplicateRule(call: Call, body: JsonObject): ApiResponse {
  const { organization, root } = call.context;
  const rule = requireRule(organization, body);
  const { statuscode, baseentityname } = rule.values;
  if (statuscode === PUBLISHING) throw badRequest('The duplicate detection rule is being published.', '0x80048434');
  const conditions = organization.store.lookup('duplicaterulecondition', 'regardingobjectid', rule.id);
  if (conditions.length === 0) throw badRequest('The duplicate detection rule has no criteria.', '0x80048414');
  const published = [...organization.store.rows('duplicaterule')].filter(
    ({ id, values }) =>
      id !== rule.id && values['baseentityname'] === baseentityname && values['statuscode'] !== UNPUBLISHED,
  );
  if (published.length >= MOST_PUBLISHED)
    throw badRequest('The maximum number of published duplicate detection rules is reached.', '0x80048419');
  const length = conditions.reduce((sum, condition) => sum + lengthOf(organization, rule, condition), 0);
  if (length > LONGEST_MATCH_CODE) throw badRequest('The match code of the rule is too long.', '0x80048429');
  setStatus(organization, rule.id, PUBLISHING);
  setTimeout(() => {
    const now = organization.store.get('duplicaterule', rule.id)?.values['statuscode'];
    if (now === PUBLISHING) setStatus(organization, rule.id, PUBLISHED);
  }, JOB_MS).unref();
  return answer(
    200,
    {},
    { '@odata.context': `${root}$metadata#Microsoft.Dynamics.CRM.PublishDuplicateRuleResponse`, JobId: randomUUID() },
  );
}

export function unpublishDuplicateRule(call: Call, body: JsonObject): ApiResponse {
  const { organization } = call.context;
  setStatus(organization, requireRule(organization, body).id, UNPUBLISHED);
  return done();
}

function requireRule(organization: Organization, body: JsonObject): Row {
  const id = text(body, 'DuplicateRuleId')?.toLowerCase() ?? '';
  const rule = organization.store.get('duplicaterule', id);
  if (rule === undefined) throw rowDoesNotExist('duplicaterule', id);
  admit(organization, { action: 'update', row: { table: 'duplicaterule', id } });
  return rule;
}

function setStatus({ store }: Organization, id: string, statuscode: number): void {
  const rule = store.get('duplicaterule', id);
  if (rule !== undefined) store.put('duplicaterule', id, { ...rule.values, statuscode });
}

function lengthOf({ schema }: Organization, rule: Row, { values }: Row): number {
  const { operatorcode, operatorparam, baseattributename } = values;
  if (OF_SOME_CHARACTERS.includes(operatorcode)) return Number(operatorparam);
  const column = schema.known(String(rule.values['baseentityname'])).columns.get(String(baseattributename));
  return column?.maxLength ?? DATE_LENGTH;
}
