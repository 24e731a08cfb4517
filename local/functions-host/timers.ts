// Timer triggers (azure-webjobs-sdk-extensions, `TimerListener.cs`): one run at a time, the next one counted from the
// last.
import { parseNcrontab } from './ncrontab.ts';
import type { RpcTypedData } from './rpc.ts';

export interface TimerTrigger {
  schedule: string;
  startup: 'run' | 'wait';
  /** Runs the function with this input; never rejects. */
  run(input: RpcTypedData): Promise<void>;
}

// The longest delay of setTimeout.
const LONGEST_MS = 2 ** 31 - 1;
const MINUTE_MS = 60_000;

/** Returns what stops the timer. The run in flight goes on. */
export function startTimer(trigger: TimerTrigger): () => void {
  const next = parseNcrontab(trigger.schedule);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let last = new Date(0);

  const arm = (due: Date) => {
    if (stopped) return;
    const delay = Math.max(0, due.getTime() - Date.now());
    timer = setTimeout(() => (delay > LONGEST_MS ? arm(due) : fire(due)), Math.min(delay, LONGEST_MS));
  };
  const fire = async (due: Date) => {
    const following = next(due);
    // useMonitor: the status is kept only for intervals of a minute or more.
    const status = following.getTime() - due.getTime() >= MINUTE_MS ? { last, next: following } : undefined;
    await trigger.run(timerInput(status));
    last = due;
    arm(next(new Date()));
  };

  if (trigger.startup === 'run') void fire(new Date());
  else arm(next(new Date()));
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** The JSON of TimerInfo; `@azure/functions` turns its keys to camel case. */
export function timerInput(status?: { last: Date; next: Date }): RpcTypedData {
  return {
    json: JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: status ? { Last: status.last, Next: status.next, LastUpdated: status.last } : null,
      IsPastDue: false,
    }),
  };
}
