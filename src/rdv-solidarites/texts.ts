// Cleans the texts of the sender, so that queues, Dataverse and logs accept them.

// The control characters of C0, except tab and line breaks. Dataverse may refuse them (0x80040278,
// InvalidCharactersInField): a vertical tab comes along when a text is pasted from Word.
const CONTROL = /(?![\t\n\r\x7f-\x9f])\p{Cc}/gu;

/**
 * The text without what cannot be stored or sent. Half of a surrogate pair, which JSON can write and UTF-8 cannot, becomes
 * U+FFFD; control characters go.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll(CONTROL, '');
}
