// `npm run infra:sbom`: the bill of materials of a release (CycloneDX), of what is installed to run and not to develop.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const TOOL = fileURLToPath(
  new URL('sbom/node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js', import.meta.url),
);

mkdirSync(new URL('../../dist/', import.meta.url), { recursive: true });
const what = ['--omit', 'dev', '--no-workspaces', '--mc-type', 'application'];
// Validation needs packages that are built from C, which are left out of the installation.
const how = [
  '--no-validate',
  '--output-reproducible',
  '--output-format',
  'JSON',
  '--output-file',
  'dist/sbom.cdx.json',
];
execFileSync(process.execPath, [TOOL, ...what, ...how], { cwd: PROJECT, stdio: 'inherit' });
console.log('dist/sbom.cdx.json');
