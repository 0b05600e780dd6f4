/** Ends the platform that start-shared-stack.ts began. */
export default async function stopSharedStack(): Promise<void> {
  await globalThis.suiviSharedStack?.stop();
  await globalThis.suiviTraceCollector?.stop();
}
