// The rules of the layout, proved by `npm run check`: see docs/architecture.md.

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles-of-files',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-circles-of-folders',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(functions|src|local|infra)' },
      to: { circular: true },
    },
    {
      name: 'schema-imports-nothing',
      comment: 'The description of our tables is data: everything may read it, it reads nothing.',
      severity: 'error',
      from: { path: '^src/schema/' },
      to: { pathNot: '^src/schema/' },
    },
    {
      name: 'sync-is-pure',
      comment: 'The core decides. It knows neither Azure nor HTTP nor Dataverse nor the settings.',
      severity: 'error',
      from: { path: '^src/sync/' },
      to: {
        path: '.',
        pathNot:
          '^(src/(sync|schema|rdv-solidarites)/|node_modules/(zod|uuid|temporal-polyfill|libphonenumber-js)/|node:crypto$|crypto$)',
      },
    },
    {
      name: 'sync-model-first',
      comment: 'The model is below the rules, the rules below the families of records, the families below the door.',
      severity: 'error',
      from: { path: '^src/sync/model/' },
      to: { path: '^src/sync/', pathNot: '^src/sync/model/' },
    },
    {
      name: 'sync-rules-second',
      severity: 'error',
      from: { path: '^src/sync/rules/' },
      to: { path: '^src/sync/', pathNot: '^src/sync/(model|rules)/' },
    },
    {
      name: 'the-door-of-sync',
      comment: 'decide.ts and assemble.ts stand above the families of records.',
      severity: 'error',
      from: { path: '^src/sync/[^/]+/' },
      to: { path: '^src/sync/[^/]+\\.ts$' },
    },
    {
      name: 'dataverse-knows-no-delivery',
      severity: 'error',
      from: { path: '^src/(dataverse|provision)/' },
      to: { path: '^src/(delivery|intake|storage|watch|cli|matching)/' },
    },
    {
      name: 'functions-only-wire',
      comment: 'Nothing depends on a registration.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(functions|local|test|infra)/' },
    },
    {
      name: 'local-dataverse-stands-alone',
      severity: 'error',
      from: { path: '^local/dataverse/' },
      to: {
        path: '.',
        pathNot:
          '^(local/dataverse/|node_modules/(zod|@odata/parser|fast-xml-parser|libxml2-wasm|vitest|dynamics-web-api|fast-check)/|node:|[a-z_]+(/promises)?$)',
      },
    },
    {
      name: 'local-never-imports-test',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^test/' },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
