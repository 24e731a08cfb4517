// Numbers of solutioncomponent.componenttype. Microsoft Learn, SolutionComponent reference.

export const SITE_MAP = 62;

/** What an app may hold, by the name that `@odata.type` gives. */
export const APP_COMPONENT: Readonly<Record<string, number>> = {
  entity: 1,
  savedquery: 26,
  savedqueryvisualization: 59,
  systemform: 60,
  sitemap: SITE_MAP,
};

/** Rows that are components of a solution, by table. */
export const ROW_COMPONENT: Readonly<Record<string, number>> = {
  role: 20,
  savedquery: 26,
  savedqueryvisualization: 59,
  systemform: 60,
  webresource: 61,
  sitemap: SITE_MAP,
  appmodule: 80,
};
