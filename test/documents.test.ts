// Documents name only what exists.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: PROJECT, encoding: 'utf8' }).trim().split('\n');

test.each(documents)('%s: every link and every path of the project leads somewhere', (path) => {
  const text = readFileSync(join(PROJECT, path), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, to = '']) =>
    join(dirname(path), to),
  );
  const paths = [
    ...text.matchAll(/(?<![\w./-])((?:src|test|local|functions|infra)\/[\w./-]*\w\.(?:ts|json|kql|bicep))\b/g),
  ];
  const named = paths.map(([, to = '']) => to).filter((to) => !existsSync(join(PROJECT, dirname(path), to)));
  expect([...links, ...named].filter((to) => !existsSync(join(PROJECT, to)))).toEqual([]);
});

test.each(documents)('%s: no folder of a former layout', (path) => {
  const text = readFileSync(join(PROJECT, path), 'utf8');
  expect(text).not.toMatch(/test\/(local|emulators|fixtures|links)\b|src\/links\b/);
});
