// A pool of workers (good_job): the smallest priority first, then the oldest job.

export interface Pool<J> {
  add(job: J, priority: number): void;
  /** Jobs that wait or are being done. */
  readonly pending: number;
}

/** @param work never rejects */
export function createPool<J>(workers: number, work: (job: J) => Promise<void>): Pool<J> {
  // Two priorities exist, so two lines in order of arrival do.
  const lines = new Map<number, { jobs: J[]; from: number }>();
  let busy = 0;
  let waiting = 0;

  const take = (): J | undefined => {
    const first = [...lines.keys()]
      .sort((a, b) => a - b)
      .find((priority) => (lines.get(priority)?.jobs.length ?? 0) > 0);
    const line = first === undefined ? undefined : lines.get(first);
    const job = line?.jobs[line.from];
    if (line === undefined || job === undefined) return undefined;
    line.from += 1;
    if (line.from > 1000 || line.from === line.jobs.length) {
      line.jobs.splice(0, line.from);
      line.from = 0;
    }
    return job;
  };
  const start = () => {
    while (busy < workers) {
      const job = take();
      if (job === undefined) return;
      busy += 1;
      waiting -= 1;
      void work(job).finally(() => {
        busy -= 1;
        start();
      });
    }
  };
  return {
    add: (job, priority) => {
      const line = lines.get(priority) ?? { jobs: [], from: 0 };
      lines.set(priority, line);
      line.jobs.push(job);
      waiting += 1;
      start();
    },
    get pending() {
      return waiting + busy;
    },
  };
}
