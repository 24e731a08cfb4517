// What work costs this process, whatever else the machine does.

/** CPU of one call, in ms: the mean of so many calls, one after the other. */
export async function cpuOf(times: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < times; count += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}
