// Cleans the texts of the sender, so that queues, Dataverse and logs accept them.

// The control characters of C0, except tab and line breaks, and the two noncharacters that XML 1.0 forbids. Dataverse may
// refuse them (0x80040278, InvalidCharactersInField; Microsoft Learn, best practices, "Manage invalid characters"): a vertical
// tab comes along when a text is pasted from Word.
const REFUSED = /(?![\t\n\r\x7f-\x9f])\p{Cc}|[\ufffe\uffff]/gu;

/**
 * The text without what cannot be stored or sent. Half of a surrogate pair, which JSON can write and UTF-8 cannot, becomes
 * U+FFFD; characters that Dataverse refuses are left out.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll(REFUSED, '');
}
