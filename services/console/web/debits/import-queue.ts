import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useRef, useState } from 'react';
import { PaymentService, type ImportBankReportResponse } from '../../gen/proto/payments/payments_pb.ts';
import { useReadAgain } from './use-read-again.ts';

/** What a page may send at once; `web-server.ts` accepts a little more. */
const MOST_BYTES = 19 * 1024 * 1024;
export const MOST_MB = MOST_BYTES / 1024 / 1024;

/** A file that somebody has dropped, and what has become of it. */
export type Queued = {
  id: number;
  file: File;
} & (
  | { state: 'waiting' | 'sending' | 'empty' | 'tooLarge' }
  | { state: 'done'; answer: ImportBankReportResponse }
  | { state: 'failed'; error: unknown }
);

/**
 * Imports files one after the other, in the order in which they came. One that fails does not stop the others, and can be
 * tried again: the service takes the same file once.
 */
export function useImportQueue() {
  const transport = useTransport();
  const readAgain = useReadAgain();
  const [queue, setQueue] = useState<Queued[]>([]);
  const [nextId, isRunning] = [useRef(0), useRef(false)];
  const waiting = useRef<{ id: number; file: File }[]>([]);
  const put = (changed: Queued) =>
    setQueue((before) => before.map((one) => (one.id === changed.id ? changed : one)));

  const run = async () => {
    if (isRunning.current) return;
    isRunning.current = true;
    for (let next = waiting.current.shift(); next; next = waiting.current.shift()) {
      put({ ...next, state: 'sending' });
      put(await send(next));
    }
    isRunning.current = false;
    const { listRapports, listLignesInconnues, listFrais } = PaymentService.method;
    void readAgain(listRapports, listLignesInconnues, listFrais);
  };
  const send = async (one: { id: number; file: File }): Promise<Queued> => {
    try {
      const contenu = new Uint8Array(await one.file.arrayBuffer());
      const request = { nomFichier: one.file.name.slice(-200), contenu };
      const answer = await callUnaryMethod(transport, PaymentService.method.importBankReport, request);
      return { ...one, state: 'done', answer };
    } catch (error) {
      return { ...one, state: 'failed', error };
    }
  };
  const stateOf = ({ size }: File): Queued['state'] & ('waiting' | 'empty' | 'tooLarge') =>
    size === 0 ? 'empty' : size > MOST_BYTES ? 'tooLarge' : 'waiting';
  return {
    queue,
    add(files: File[]) {
      const added = files.map((file) => ({ id: (nextId.current += 1), file, state: stateOf(file) }));
      setQueue((before) => [...added.toReversed(), ...before]);
      waiting.current.push(...added.filter(({ state }) => state === 'waiting'));
      void run();
    },
    again({ id, file }: Queued) {
      put({ id, file, state: 'waiting' });
      waiting.current.push({ id, file });
      void run();
    },
    /** What is not done yet stays. */
    clear: () =>
      setQueue((before) => before.filter(({ state }) => state === 'waiting' || state === 'sending')),
  };
}
