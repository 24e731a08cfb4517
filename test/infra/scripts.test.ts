// Scripts of package.json run in cmd.exe too, which is npm's shell on Windows.
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

test.each(Object.entries(manifest.scripts))('%s', (_, script) => {
  const commands = script.split(' && ');
  // Commands that exist there: Node, npm, dotnet, and the tools that npm installs.
  const programs = commands.map((command) => command.split(' ')[0]);
  const known = ['node', 'npm', 'dotnet', 'biome', 'tsc', 'knip', 'depcruise', 'vitest'];
  expect(programs.filter((program) => !known.includes(`${program}`))).toEqual([]);
  // No quotes of one kind only, no variable, no list of commands, no pattern that the shell would have to read.
  expect(script).not.toMatch(/['$;`*\\]|\|\||[<>|]/);
});
