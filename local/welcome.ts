// The few lines that a person needs after a start.
import { DEFAULTS } from './ports.ts';
import type { LocalSender } from './sender.ts';
import { APPLICATION_USER, POLLING, type Services } from './services.ts';

interface Started {
  readonly functionsUrl: string;
  readonly isHeld: boolean;
  readonly services: Services;
  readonly sender: LocalSender;
}

export function welcome({ functionsUrl, isHeld, services, sender }: Started): string {
  const { dataverseUrl, queueUrl, blobUrl, secret, settings } = services;
  return `
RDV-Solidarités → Dynamics 365, on this machine

  Functions   ${functionsUrl}/api/notifications   (secret: ${secret})
  Dataverse   ${dataverseUrl}/   (open it: the application that was provisioned)
  Agenda      ${sender.url}/   (open it: book, move, cancel as in RDV-Solidarités)
  Queues      ${queueUrl}   (polled every ${settings[POLLING]}; in Azure less often)
  Blobs       ${blobUrl}

  Send a notification:  npm run connector -- send local/rdv-solidarites/notifications/rdv-created.json
  See what it became:   ${dataverseUrl}/
  For other commands:   ${exportLine({ functionsUrl, isHeld, services, sender })}
${isHeld ? HELD : ''}`;
}

const HELD = `
  Nothing is written to Dynamics, and RDV-Solidarités has no webhook yet.
  To let it write, type here:  WRITE_TO_DYNAMICS=true
`;

/** What a shell in another terminal needs, so that commands reach what runs here. */
function exportLine({ functionsUrl, isHeld, services, sender }: Started): string {
  const { DATAVERSE_URL, NOTIFICATIONS_STORAGE, RDV_WEBHOOK_SECRET } = services.settings;
  const isUsual =
    services.queueUrl.includes(`:${DEFAULTS.AZURITE_QUEUE_PORT}/`) &&
    services.blobUrl.includes(`:${DEFAULTS.AZURITE_BLOB_PORT}/`);
  const all = {
    DATAVERSE_URL,
    NOTIFICATIONS_STORAGE: isUsual ? 'UseDevelopmentStorage=true' : NOTIFICATIONS_STORAGE,
    ...sender.settings,
    AZURE_CLIENT_ID: APPLICATION_USER,
    RDV_WEBHOOK_SECRET,
    WEBHOOK_URL: `${functionsUrl}/api/notifications`,
    ...(isHeld && { WRITE_TO_DYNAMICS: 'false' }),
  };
  return `export ${Object.entries(all)
    .map(([name, value]) => `${name}='${value}'`)
    .join(' ')}`;
}
