import type { ChildName } from '@crm/tools/parts';
import type { Platform } from '@crm/tools/platform';
import { processTree } from '@crm/tools/process-table';

const CHILDREN: ChildName[] = ['postgres', 'nats', 'temporal', 'services', 'workers'];
const EVERY_MS = 2_000;

/** The resident memory of each process of a platform, with its descendants, sampled while it runs. */
export function watchMemory(platform: Platform) {
  const peaks: Record<string, Partial<Record<ChildName, number>>> = {};
  let phase = 'at first';
  const sample = () => {
    const peak = (peaks[phase] ??= {});
    for (const child of CHILDREN) {
      const pid = platform.pid(child);
      // memory that PostgreSQL's processes share is counted for each of them
      const rss = pid ? processTree([pid]).reduce((sum, row) => sum + row.rss, 0) : 0;
      peak[child] = Math.max(peak[child] ?? 0, Math.round(rss / 1024 ** 2));
    }
  };
  const timer = setInterval(sample, EVERY_MS).unref();
  sample();
  return {
    /** Starts a new phase with this name. */
    enters(next: string): void {
      sample();
      phase = next;
      sample();
    },
    /** The maximum of each process in each phase, in MB. */
    stop(): typeof peaks {
      clearInterval(timer);
      sample();
      return peaks;
    },
  };
}
