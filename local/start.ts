// `npm start`: the connector with local storage and a local Dataverse, ready to receive notifications.
import { runUntilStopped } from './run.ts';

// Imported only now, so that Ctrl-C is already heeded while the large packages load.
await runUntilStopped(async (run) => (await import('./connector.ts')).startConnector(run));
