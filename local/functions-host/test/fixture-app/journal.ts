// What the fixture's functions saw, for the tests that run in the same process.
export const journal: { functionName: string; input: unknown; metadata: Record<string, unknown> }[] = [];
