#!/usr/bin/env node
// The command. Inside a clone it runs the sources, which need no build; an installed package has only what was built.
import { existsSync } from 'node:fs';

const source = new URL('../src/main.ts', import.meta.url);
const built = new URL('../dist/main.js', import.meta.url);
await import((existsSync(source) ? source : built).href);
