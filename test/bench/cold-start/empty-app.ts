// The smallest function app: what any app on this programming model pays.
import { app } from '@azure/functions';

app.http('empty', {
  methods: ['POST'],
  route: 'empty',
  authLevel: 'anonymous',
  handler: async () => ({ status: 202, jsonBody: { status: 'accepted' } }),
});
