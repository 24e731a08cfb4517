// Sends the alternatives' sequences to the emulator, to see that they are accepted and cost what was counted.

import { type DataverseEmulator, startDataverse } from '../../../local/dataverse/src/emulator.ts';
import { connect } from '../../../src/dataverse/connection.ts';
import { provision } from '../../../src/provision/provision.ts';
import type { Alternative, Request } from './alternatives.ts';
import type { Announced } from './announced.ts';

export interface Sent {
  readonly requests: number;
  readonly operations: number;
  /** Answers other than success; 404 to the reading of a row that is not there yet is one. */
  readonly refused: number;
}

/** Sends what an alternative would, one request after the other, to an empty Dataverse. */
export async function sendAll(alternative: Alternative, notifications: readonly Announced[]): Promise<Sent> {
  const dataverse = await startDataverse();
  try {
    await provision(connect({ url: dataverse.url, token: async () => 'local' })());
    dataverse.clearRequests();
    let refused = 0;
    for (const request of notifications.flatMap((one) => alternative.requests(one))) {
      const status = await send(dataverse, request);
      if (status >= 400 && !(status === 404 && request.method === 'GET')) refused += 1;
    }
    const { requests } = dataverse;
    return {
      requests: requests.length,
      operations: requests.reduce((sum, { parts }) => sum + (parts ?? 1), 0),
      refused,
    };
  } finally {
    await dataverse.stop();
  }
}

async function send({ url }: DataverseEmulator, { method, path, body, operations }: Request): Promise<number> {
  const root = `${url}/api/data/v9.2/`;
  const authorization = 'Bearer local';
  const response =
    operations === undefined
      ? await fetch(root + path, {
          method,
          headers: { authorization, 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      : await fetch(root + path, {
          method,
          headers: { authorization, 'content-type': 'multipart/mixed;boundary=b' },
          body: changeSet(operations, root),
        });
  await response.arrayBuffer();
  return response.status;
}

function changeSet(operations: readonly Request[], root: string): string {
  const parts = operations.flatMap(({ method, path, body }, at) => [
    '--c',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    `Content-ID: ${at + 1}`,
    '',
    `${method} ${root}${path} HTTP/1.1`,
    'Content-Type: application/json',
    '',
    JSON.stringify(body),
  ]);
  return ['--b', 'Content-Type: multipart/mixed;boundary=c', '', ...parts, '--c--', '--b--', ''].join('\r\n');
}
