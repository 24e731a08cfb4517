// Answers of the API, in the sender's words (app/controllers/api/v1/agent_auth_base_controller.rb, base_controller.rb).
import type { Era } from '../sender-json.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text goes out as it is, with the Content-Type of the headers; anything else as JSON. */
  readonly body?: string | object;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** 2024 adds `success` to 404 and 422. */
const failure = (era: Era) => (era === '2024' ? { success: false } : {});

export const unauthenticated: Answer = {
  status: 401,
  body: { errors: ['Vous devez vous connecter ou vous inscrire pour continuer.'] },
};

/** Doorkeeper answers without a body. */
export const invalidToken: Answer = {
  status: 401,
  headers: {
    'WWW-Authenticate':
      'Bearer realm="Doorkeeper", error="invalid_token", error_description="The access token is invalid"',
  },
};

export const forbidden: Answer = {
  status: 403,
  body: {
    errors: [{ base: 'forbidden' }],
    error_messages: ['Vous n’avez pas les droits suffisants pour accéder à cette ressource.'],
  },
};

export const notFound = (era: Era, model: string, id: number | string): Answer => ({
  status: 404,
  body: { ...failure(era), errors: [`Couldn't find ${model} with 'id'=${id}`] },
});

/** users_controller.rb:42-47, absences likewise. */
export const goneRecord = (kind: 'user' | 'absence'): Answer => ({ status: 404, body: { not_found: kind } });

export const missing = (parameter: string): Answer => ({ status: 400, body: { missing: parameter } });

/** What is wrong with a field, by the code and in words. */
export interface Problem {
  readonly field: string;
  readonly error: string;
  readonly value?: unknown;
  readonly words: string;
}

export const invalid = (era: Era, field: string, problem: Omit<Problem, 'field'>): Answer =>
  invalidRecord(era, [{ field, ...problem }]);

/** With everything that is wrong. */
export function invalidRecord(era: Era, problems: readonly Problem[]): Answer {
  const errors: Record<string, object[]> = {};
  for (const { field, error, value } of problems) {
    errors[field] ??= [];
    errors[field].push(value === undefined ? { error } : { error, value });
  }
  const error_messages = problems.map(({ field, words }) => `${field} ${words}`);
  return { status: 422, body: { ...failure(era), errors, error_messages } };
}

export const serverError = (era: Era): Answer =>
  era === '2026'
    ? { status: 500, body: { errors: ['Unexpected internal error'] } }
    : {
        status: 500,
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
        body: '<!DOCTYPE html><html><body><h1>Une erreur est survenue</h1></body></html>',
      };

const PAGE_SIZE = 100;

/**
 * One page of a list (base_controller.rb:24-41, kaminari): `page` from 1; anything that is no number of a page is page 1;
 * beyond the last one the list is empty.
 */
export function listOf<T>(
  query: URLSearchParams,
  root: string,
  rows: readonly T[],
  render: (row: T) => object,
): Answer {
  const current_page = Math.max(1, Number.parseInt(query.get('page') ?? '', 10) || 1);
  const total_pages = Math.ceil(rows.length / PAGE_SIZE);
  const inside = current_page <= total_pages;
  const from = (current_page - 1) * PAGE_SIZE;
  return {
    status: 200,
    body: {
      [root]: rows.slice(from, from + PAGE_SIZE).map(render),
      meta: {
        current_page,
        next_page: current_page < total_pages ? current_page + 1 : null,
        prev_page: inside && current_page > 1 ? current_page - 1 : null,
        total_pages,
        total_count: rows.length,
      },
    },
  };
}
