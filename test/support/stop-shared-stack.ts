/** Stops the platform that start-shared-stack.ts started. */
export default async function stopSharedStack(): Promise<void> {
  await globalThis.suiviSharedStack?.stop();
  await globalThis.suiviTraceCollector?.stop();
}
