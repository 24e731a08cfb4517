// The few lines that a person needs after a start.
import { POLLING, type Services } from './services.ts';

export function welcome(functionsUrl: string, agendaUrl: string, services: Services): string {
  const { dataverseUrl, queueUrl, blobUrl, secret, settings } = services;
  return `
RDV-Solidarités → Dynamics 365, on this machine

  Functions   ${functionsUrl}/api/notifications   (secret: ${secret})
  Dataverse   ${dataverseUrl}/   (open it: the application that was provisioned)
  Agenda      ${agendaUrl}/   (open it: book, move, cancel as in RDV-Solidarités)
  Queues      ${queueUrl}   (polled every ${settings[POLLING]}; in Azure less often)
  Blobs       ${blobUrl}

  Send a notification:  npm run connector -- send local/rdv-solidarites/notifications/rdv-created.json
  See what it became:   ${dataverseUrl}/
`;
}
