// HTML that escapes by construction: whatever is put into a template is text, unless it came out of a template itself.

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup made by `html`, and by nothing else. */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  /** A tagged template. Use `html`. */
  static from(strings: TemplateStringsArray, ...values: readonly HtmlContent[]): Html {
    const places = placesOf(strings);
    const texts = values.map((value, at) => {
      if (places[at] === 'tag' && !isMarkup(value)) throw new Error('an attribute needs quotes around its value');
      return markupOf(value);
    });
    return new Html(String.raw({ raw: strings }, ...texts));
  }

  toString(): string {
    return this.#markup;
  }
}

/** What a template may hold. Nothing is shown for `null`, `undefined`, `false` and the empty text. */
export type HtmlContent = Html | string | number | null | undefined | false | readonly HtmlContent[];

/**
 * A tagged template: `` html`<a href="${url}">${name}</a>` ``. Attributes stand in double quotes.
 *
 * @throws when a text stands inside a tag but outside quotes, where escaping would not hold it
 */
export const html = Html.from;

function markupOf(value: HtmlContent): string {
  if (value instanceof Html) return value.toString();
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'object') return value.map(markupOf).join('');
  return String(value).replaceAll(/[&<>"']/g, (found) => ESCAPES[found] ?? found);
}

function isMarkup(value: HtmlContent): boolean {
  return value instanceof Html || value === null || value === undefined || value === false || value === '';
}

type Place = 'text' | 'attribute' | 'tag';

const known = new WeakMap<TemplateStringsArray, readonly Place[]>();

/** Where each value of a template stands. A template is one object for all its uses. */
function placesOf(strings: TemplateStringsArray): readonly Place[] {
  const before = known.get(strings);
  if (before !== undefined) return before;
  const places = strings.map((_, at) => placeAfter(strings.slice(0, at + 1).join('')));
  known.set(strings, places);
  return places;
}

/** What opens or closes a tag, or the quotes of an attribute. */
const NEXT: Readonly<Record<Place, Readonly<Record<string, Place>>>> = {
  text: { '<': 'tag' },
  tag: { '>': 'text', '"': 'attribute' },
  attribute: { '"': 'tag' },
};

function placeAfter(markup: string): Place {
  return [...markup].reduce<Place>((place, character) => NEXT[place][character] ?? place, 'text');
}

/** The address if a browser may be sent there: http or https. Rows hold what anybody typed. */
export function webAddress(value: string | undefined): string | undefined {
  const url = value === undefined ? null : URL.parse(value);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined;
}
