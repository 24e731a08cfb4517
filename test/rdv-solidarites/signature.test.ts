// The signature of the sender, right and wrong.
import { describe, expect, test } from 'vitest';
import { matchingSecret, sign } from '../../src/rdv-solidarites/signature.ts';

const NFC = '{"data":{"id":1,"first_name":"Zo\u00e9"}}';
const NFD = '{"data":{"id":1,"first_name":"Zoe\u0301"}}';

describe('the signature of the sender', () => {
  test.each([
    ['secret', 'content', '230d8225fa8d7c42c0d16356ff175a660c11960fc035616023b8d22a8f36f03a'],
    ['secret', NFC, '4db91c7811c629b1ff7e9266dc64fe9b1ec171c56391a5174678a75eb660a87e'],
    ['secret', NFD, 'bc93a235e01687f87de5407bad44c51cd1c93b3b7ac624bd950dd086a2c3f333'],
    ['clé-secrète', '{"data":{},"meta":{}}', 'a4c94f7ba949e030d2fb1c4fd241d93314791318d4b86364a5845b212bf43130'],
  ])('signs with %s as the sender does (vector %#)', (secret, body, hex) => {
    expect(sign(secret, Buffer.from(body))).toBe(hex);
    expect(matchingSecret([secret], Buffer.from(body), hex)).toBe(0);
    expect(matchingSecret([secret], Buffer.from(body), hex.toUpperCase())).toBe(0);
  });

  test('tells a composed é from a decomposed one', () => {
    expect(Buffer.byteLength(NFC)).toBe(37);
    expect(Buffer.byteLength(NFD)).toBe(38);
    expect(matchingSecret(['secret'], Buffer.from(NFD), sign('secret', Buffer.from(NFC)))).toBeUndefined();
  });

  test('fails a body that was parsed and written again', () => {
    const body = '{"data": {"id":1}}';
    const rewritten = JSON.stringify(JSON.parse(body));
    expect(matchingSecret(['secret'], Buffer.from(rewritten), sign('secret', Buffer.from(body)))).toBeUndefined();
  });

  test('finds which of several secrets signed', () => {
    const body = Buffer.from('content');
    expect(matchingSecret(['new', 'old'], body, sign('old', body))).toBe(1);
    expect(matchingSecret(['new', 'old'], body, sign('other', body))).toBeUndefined();
  });

  test('hashes the body once for a secret that is listed many times', () => {
    const body = Buffer.alloc(2_000_000, 'a');
    const header = sign('other', body);
    const time = (secrets: readonly string[]) => {
      const startedAt = performance.now();
      matchingSecret(secrets, body, header);
      return performance.now() - startedAt;
    };
    expect(time(Array(300).fill('secret'))).toBeLessThan(50 * Math.max(1, time(['secret'])));
    expect(matchingSecret(['a', 'b', 'b'], body, sign('b', body))).toBe(1);
  });

  test.each([
    undefined,
    null,
    '',
    'x',
    'zz'.repeat(32),
    'a'.repeat(63),
    'a'.repeat(65),
    `${'a'.repeat(64)}, b`,
    '\u00e9'.repeat(64),
  ])('refuses the header %j without failing', (header) =>
    expect(matchingSecret(['secret'], Buffer.from('content'), header)).toBeUndefined());
});
