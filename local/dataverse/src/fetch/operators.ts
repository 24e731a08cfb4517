// The operators of a condition. Microsoft Learn, "FetchXml condition operators"; how times are compared: "Filter rows".

/** All that exist; those that `tests.ts` does not know are refused with 501 when a query runs. */
export const OPERATORS: ReadonlySet<string> = new Set(
  [
    'eq neq ne gt ge le lt like not-like in not-in between not-between null not-null',
    'begins-with not-begin-with ends-with not-end-with contain-values not-contain-values',
    'yesterday today tomorrow on on-or-before on-or-after',
    'last-seven-days next-seven-days last-week this-week next-week last-month this-month next-month',
    'last-year this-year next-year',
    ...['last', 'next'].flatMap((way) =>
      ['hours', 'days', 'weeks', 'months', 'years'].map((unit) => `${way}-x-${unit}`),
    ),
    ...['minutes', 'hours', 'days', 'weeks', 'months', 'years'].map((unit) => `olderthan-x-${unit}`),
    'eq-userid ne-userid eq-userteams eq-useroruserteams eq-useroruserhierarchy eq-useroruserhierarchyandteams',
    'eq-businessid ne-businessid eq-userlanguage under eq-or-under not-under above eq-or-above',
    'this-fiscal-year this-fiscal-period next-fiscal-year next-fiscal-period last-fiscal-year last-fiscal-period',
    'last-x-fiscal-years last-x-fiscal-periods next-x-fiscal-years next-x-fiscal-periods',
    'in-fiscal-year in-fiscal-period in-fiscal-period-and-year',
    'in-or-before-fiscal-period-and-year in-or-after-fiscal-period-and-year',
  ].flatMap((line) => line.split(' ')),
);
