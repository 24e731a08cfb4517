// Hooks that change what a function gets, answers and logs.
import { app } from '@azure/functions';

app.http('teapot', {
  methods: ['GET'],
  handler: async (_request, context) => {
    context.log('the lid is off, call 0601020304');
    throw new Error('I am a teapot');
  },
});

app.hook.postInvocation((context) => {
  if (context.invocationContext.functionName !== 'teapot') return;
  context.error = undefined;
  context.result = { status: 418 };
});

app.hook.log((context) => {
  context.message = context.message.replace(/\d{10}/, '**********');
});
