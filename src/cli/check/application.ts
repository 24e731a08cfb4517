// Checks our application: parts that are missing, and those that people changed. The connector works without it.

import { readCurrentApp } from '../../provision/app/current-app.ts';
import { keptOf, planApp } from '../../provision/app/plan-app.ts';
import type { Languages } from '../../provision/definitions.ts';
import type { Read } from '../../provision/read.ts';
import { type Finding, ok, PROVISION, warning } from './finding.ts';

const SUBJECT = 'application';

export async function checkApplication(read: Read, languages: Languages): Promise<readonly Finding[]> {
  const plan = planApp(await readCurrentApp(read, languages));
  const missing = plan.steps.filter(({ change }) => change === 'create');
  const findings = [
    ...missing.map(({ part }) =>
      warning(SUBJECT, {
        message: { en: `${part.component} is missing`, fr: `${part.component} manque` },
        remedy: PROVISION,
      }),
    ),
    ...keptOf(plan).map(({ component }) =>
      warning(SUBJECT, {
        message: {
          en: `${component} was changed here and does not follow new versions`,
          fr: `${component} a été modifié ici et ne suit pas les nouvelles versions`,
        },
        remedy: {
          en: `leave it, or \`connector provision --restore "${component}"\``,
          fr: `laissez-le, ou \`connector provision --restore "${component}"\``,
        },
      }),
    ),
  ];
  const all = {
    en: `${plan.steps.length} views, forms, charts and other parts are there, as we made them`,
    fr: `${plan.steps.length} vues, formulaires, graphiques et autres éléments sont là, tels que nous les avons faits`,
  };
  return findings.length === 0 ? [ok(SUBJECT, all)] : findings;
}
