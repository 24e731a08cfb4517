// Settings that replace values of `host.json`: `AzureFunctionsJobHost__extensions__queues__batchSize` = `4`
// (Microsoft Learn, "host.json reference", Override host.json values). Names have no case, as in .NET's configuration.
import type { AppSettings } from './app-settings.ts';

const PREFIX = /^AzureFunctionsJobHost(?:__|:)/i;

type Section = Record<string, unknown>;

/** A copy of `host.json` with the values of the settings in it; these are texts. */
export function overrideHostJson(json: object, settings: AppSettings): object {
  const copy: Section = structuredClone({ ...json });
  for (const [name, value] of Object.entries(settings)) {
    if (!PREFIX.test(name) || value === undefined) continue;
    const path = name.replace(PREFIX, '').split(/__|:/);
    const last = path.pop() ?? '';
    const section = path.reduce(open, copy);
    section[spelling(section, last)] = value;
  }
  return copy;
}

function open(parent: Section, name: string): Section {
  const key = spelling(parent, name);
  const child = parent[key];
  const section: Section = typeof child === 'object' && child !== null ? { ...child } : {};
  parent[key] = section;
  return section;
}

/** The key of that name in the section, however it is written there. */
function spelling(section: Section, name: string): string {
  return Object.keys(section).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
}
