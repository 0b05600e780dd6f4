import type { MessageInitShape } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { useTransport } from '@connectrpc/connect-query';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import {
  SimulationService,
  type BilanSimulation,
  type DifferenceSimulation,
  type FactureSimulee,
  type PolitiqueSimuleeSchema,
} from '../../gen/proto/relance/simulation_pb.ts';

export type SupposedRules = MessageInitShape<typeof PolitiqueSimuleeSchema>;

/** A difference, and the invoice that it is about. */
export type InvoiceDifference = {
  id: string;
  facture: Pick<FactureSimulee, 'invoiceId' | 'numero' | 'client'>;
  difference: DifferenceSimulation;
};

/** What other rules would do to all open invoices of an organisation. */
export type WhatIf = { bilan: BilanSimulation; differences: InvoiceDifference[]; au: string };

/** Asks what other rules would do, and counts the invoices while they are foreseen. */
export function useWhatIf(organisationId: string, au: string) {
  const transport = useTransport();
  const [seen, setSeen] = useState(0);
  const stop = useRef<AbortController>(undefined);
  const { mutate, data, error, isPending, reset } = useMutation({
    async mutationFn(comparee: SupposedRules): Promise<WhatIf> {
      stop.current?.abort();
      stop.current = new AbortController();
      setSeen(0);
      const differences: InvoiceDifference[] = [];
      let bilan: BilanSimulation | undefined;
      const request = { organisationId, au, comparee, differencesSeules: true };
      const answers = createClient(SimulationService, transport).simulate(request, {
        signal: stop.current.signal,
      });
      for await (const { contenu } of answers) {
        if (contenu.case === 'avancement') setSeen(contenu.value.factures);
        if (contenu.case === 'bilan') bilan = contenu.value;
        if (contenu.case !== 'facture') continue;
        const { differences: of, ...facture } = contenu.value;
        for (const difference of of)
          differences.push({ id: String(differences.length), facture, difference });
      }
      return { bilan: bilan!, differences, au };
    },
  });
  return { ask: mutate, told: data, error, isPending, seen, forget: reset };
}
