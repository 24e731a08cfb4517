// Builds what the package ships: JavaScript and types in `dist`, beside the documented columns of the standard tables.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(`${folder}dist`, { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, '-p', `${folder}tsconfig.build.json`], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
cpSync(`${folder}src/xsd`, `${folder}dist/xsd`, { recursive: true });
cpSync(`${folder}src/tables`, `${folder}dist/tables`, { recursive: true });
