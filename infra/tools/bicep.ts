// Finds and runs the Bicep CLI. `npm run infra:tools` brings it, as the NuGet package of tools.csproj; the variable
// BICEP names another one.
import { spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export const ADVICE = `The Bicep CLI is not on this machine, so the templates cannot be compiled or checked.
To get it: npm run infra:tools (needs the .NET SDK, x64 Linux), or set BICEP to its path, or install it
(https://learn.microsoft.com/azure/azure-resource-manager/bicep/install).`;

const PACKAGE = 'azure.bicep.commandline.linux-x64';

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The path of the CLI: BICEP, else the restored package, whose version is pinned, else what PATH has. */
export function locateBicep(): string | undefined {
  const named = process.env['BICEP'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return [restored(), ...folders.map((folder) => join(folder, 'bicep'))].find(isProgram);
}

/** Runs the CLI to its end. Never throws for a command that fails: look at `status`. */
export function bicep(args: readonly string[], cwd?: string): Promise<Result> {
  const path = locateBicep();
  if (path === undefined) return Promise.reject(new Error(ADVICE));
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { cwd, env: environment() });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

function restored(): string {
  const version = /linux-x64" Version="\[(.+?)\]"/.exec(readFileSync(new URL('tools.csproj', import.meta.url), 'utf8'));
  const packages = process.env['NUGET_PACKAGES'] ?? join(homedir(), '.nuget', 'packages');
  const path = join(packages, PACKAGE, version?.[1] ?? '', 'tools', 'bicep');
  // A package does not keep the permission to execute.
  if (process.platform === 'linux' && existsSync(path)) chmodSync(path, 0o755);
  return path;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// The program needs no ICU then, which small images lack (Azure/azure-cli#29828).
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
}

if (import.meta.main) {
  if (locateBicep() === undefined) {
    console.error(ADVICE);
    process.exit(1);
  }
  const { status, stdout, stderr } = await bicep(process.argv.slice(2));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exit(status ?? 1);
}
