// The few lines that a person needs after a start.
import { POLLING, type Services } from './services.ts';

export function welcome(functionsUrl: string, { dataverseUrl, queueUrl, blobUrl, settings }: Services): string {
  return `
RDV-Solidarités → Dynamics 365, on this machine

  Functions   ${functionsUrl}/api/notifications   (secret: ${settings['RDV_WEBHOOK_SECRET']})
  Dataverse   ${dataverseUrl}/   (open it: contacts and appointments)
  Queues      ${queueUrl}   (polled every ${settings[POLLING]}; in Azure less often)
  Blobs       ${blobUrl}

  Send a notification:  npm run connector -- send local/rdv-solidarites/notifications/rdv-created.json
  See what it became:   ${dataverseUrl}/
`;
}
