// App settings: environment variables of the app, and the names that bindings look up in them.
import { QueueServiceClient } from '@azure/storage-queue';
import type { RpcBinding } from './rpc.ts';

export type AppSettings = Readonly<Record<string, string>>;

/** Puts the settings where the app reads them. Returns what puts the former values back. */
export function applySettings(settings: AppSettings): () => void {
  const former = Object.keys(settings).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, settings);
  return () => {
    for (const [name, value] of former) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/**
 * Replaces `%NAME%` in a binding's value (Microsoft Learn, "Binding expressions - app settings").
 * @throws when the setting does not exist, as the host does at indexing.
 */
export function resolveName(value: unknown, settings: AppSettings): string {
  return String(value ?? '').replace(/%([^%]+)%/g, (_, name: string) => {
    const setting = settings[name];
    if (setting === undefined) throw new Error(`'%${name}%' does not resolve to a value: set the app setting ${name}`);
    return setting;
  });
}

/** `AzureWebJobs.<name>.Disabled` = true or 1 (Microsoft Learn, "How to disable functions in Azure Functions"). */
export function isDisabled(functionName: string, settings: AppSettings): boolean {
  const name = `AzureWebJobs.${functionName}.Disabled`;
  return /^(true|1)$/i.test(settings[name] ?? settings[name.replaceAll('.', '_')] ?? '');
}

// The real client tries five more times from 0.8 s on; a test is better served by a quick answer.
const RETRIES = { maxTries: 3, retryDelayInMs: 50, maxRetryDelayInMs: 500 };

export type QueueServices = (binding: RpcBinding) => Promise<QueueServiceClient>;

/**
 * The queue service behind a binding's `connection`: a connection string, or an identity-based connection in
 * `<name>__queueServiceUri` or `<name>__accountName` (Microsoft Learn, "Azure Queue storage trigger", Connections).
 * One client for each connection. Rejects with the names of the settings that are missing.
 */
export function createQueueServices(settings: AppSettings): QueueServices {
  const known = new Map<string, Promise<QueueServiceClient>>();
  return (binding) => {
    const name = resolveName(binding['connection'] ?? 'AzureWebJobsStorage', settings);
    const service = known.get(name) ?? connect(name, settings);
    known.set(name, service);
    return service;
  };
}

async function connect(name: string, settings: AppSettings): Promise<QueueServiceClient> {
  const setting = settings[name] || settings[`AzureWebJobs${name}`];
  if (setting) return QueueServiceClient.fromConnectionString(setting, { retryOptions: RETRIES });

  const account = settings[`${name}__accountName`];
  const uri = settings[`${name}__queueServiceUri`] || (account && `https://${account}.queue.core.windows.net`);
  if (!uri) {
    throw new Error(`Storage connection string '${name}' does not exist: set ${name} or ${name}__queueServiceUri`);
  }
  const { DefaultAzureCredential } = await import('@azure/identity');
  const clientId = settings[`${name}__clientId`];
  const credential = new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
  return new QueueServiceClient(uri, credential, { retryOptions: RETRIES });
}
