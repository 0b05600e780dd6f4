import { once } from 'node:events';
import type { Server } from 'node:net';
import { HIGHEST_OFFSET, holdPort, isFree, SERVER_PORTS, serverPorts } from '@crm/tools/ports';

/**
 * Chooses a port offset for a platform of tests and holds it until `release`, against every other process
 * that uses this function. All ports are outside of Linux's range for outgoing connections (32768–60999), so
 * that none of these can occupy one.
 */
export async function reservePortOffset(
  servicePorts: number[],
): Promise<{ offset: number; release: () => Promise<void> }> {
  const lowest = 61_000 - Math.min(...servicePorts, SERVER_PORTS.postgres);
  const step = Math.max(...servicePorts) - Math.min(...servicePorts) + 1;
  for (let offset = lowest; offset <= HIGHEST_OFFSET; offset += step) {
    const guard = await holdPort(SERVER_PORTS.workersMetrics - 1 + offset);
    if (!guard) continue;
    // ops is a service and a process of its own: its port is in both
    const ports = new Set([
      ...servicePorts.map((port) => port + offset),
      ...Object.values(serverPorts(offset)),
    ]);
    const free = await Promise.all([...ports].map(isFree));
    if (free.every(Boolean)) return { offset, release: () => close(guard) };
    await close(guard);
  }
  throw new Error(`No port offset from ${lowest} to ${HIGHEST_OFFSET} is free: too many copies run at once.`);
}

async function close(guard: Server): Promise<void> {
  await once(guard.close(), 'close');
}
