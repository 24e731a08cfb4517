// What a file of the bundle loads, by esbuild's own account.
import type { Metafile } from 'esbuild';

export interface Loaded {
  /** Output files. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Sources in them: bytes each takes in the bundle. */
  readonly sources: ReadonlyMap<string, number>;
}

/** The output file of an entry. Throws when there is none. */
export function outputOf({ outputs }: Metafile, entry: string): string {
  const found = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entry);
  if (found === undefined) throw new Error(`no output of ${entry}`);
  return found;
}

/** The files of `functions/`: the language worker loads all of them at start. */
export function functionsOf({ outputs }: Metafile): readonly string[] {
  return Object.values(outputs).flatMap(({ entryPoint }) => (entryPoint?.startsWith('functions/') ? entryPoint : []));
}

/** Sources of identity, storage and Dataverse, and of what only they need: nothing that receives loads them at start. */
export function isLazy(source: string): boolean {
  return (
    /^src\/(dataverse|delivery|sync|storage\/(?!names))/.test(source) ||
    /^(@azure\/(?!functions)|@typespec|dynamics-web-api|lru-cache|libphonenumber|ical\.js)/.test(
      packageOf(source) ?? '',
    )
  );
}

/** What entries load before anything is called: themselves and what they import, but nothing that is imported lazily. */
export function loadedAtStart(metafile: Metafile, entries: readonly string[]): Loaded {
  return loaded(metafile, entries, new Set(['import-statement']));
}

/** What entries can ever load. */
export function loadedEver(metafile: Metafile, entries: readonly string[]): Loaded {
  return loaded(metafile, entries, new Set(['import-statement', 'dynamic-import']));
}

/** The package of a source, or `undefined` for our own. */
export function packageOf(source: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
}

function loaded(metafile: Metafile, entries: readonly string[], kinds: ReadonlySet<string>): Loaded {
  const files = new Set<string>();
  const sources = new Map<string, number>();
  const visit = (name: string): void => {
    const output = metafile.outputs[name];
    if (output === undefined || files.has(name)) return;
    files.add(name);
    for (const [source, { bytesInOutput }] of Object.entries(output.inputs)) {
      if (bytesInOutput > 0) sources.set(source, (sources.get(source) ?? 0) + bytesInOutput);
    }
    for (const { path, kind } of output.imports) if (kinds.has(kind)) visit(path);
  };
  for (const entry of entries) visit(outputOf(metafile, entry));
  const bytes = [...files].reduce((sum, name) => sum + (metafile.outputs[name]?.bytes ?? 0), 0);
  return { files: [...files], bytes, sources };
}
