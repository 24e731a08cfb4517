// The value of a column as it stands in lists and forms.

import type { Row } from '../dataverse/src/store/row.ts';
import { attendees } from './attendees.ts';
import type { HtmlContent } from './html.ts';
import { linkTo, webLink } from './links.ts';
import type { Reader } from './reader.ts';
import { columnOf, reference, wordsOf } from './rows.ts';

export function shownValue(reader: Reader, row: Row, name: string): HtmlContent {
  const column = columnOf(reader, row.table, name);
  if (column?.type === 'PartyList') return attendees(reader, row, name);
  const ref = reference(row, name);
  if (ref !== undefined) return linkTo(reader, ref);
  const words = wordsOf(reader, row, name);
  if (column?.format === 'Url' && words !== '') return webLink(reader, words);
  return words;
}
