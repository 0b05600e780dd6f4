import { Client } from '@crm/proto/clients/clients';
import { Invoice } from '@crm/proto/factures/factures';
import { ActionRelance, HistoriqueRelance } from '@crm/proto/relance/relance';
import { sommaire } from './sommaire.ts';

test('a company that has paid nothing and answered: its contact, its SIREN as people write it, no payment of 0,00 €, words for what was decided', () => {
  const company = { raisonSociale: 'Boulangerie Le Fournil SARL', prenom: 'Paul', nom: 'Marc' };
  const text = sommaire(
    {
      invoice: Invoice.fromPartial({ numero: 'F-2026-0001', montant: 1000n, restantDu: 1000n }),
      client: Client.fromPartial({ ...company, siren: '443061841' }),
      ...{
        societe: undefined,
        creditNotes: [],
        mails: [],
        replies: [],
        payments: [],
        pieces: [],
        authors: new Map(),
      },
      formalNotice: undefined,
      decisions: [
        HistoriqueRelance.fromPartial({ action: ActionRelance.ATTENTE, motif: 'réponse reçue' }),
        HistoriqueRelance.fromPartial({ action: ActionRelance.LEVEE }),
      ],
    },
    [],
  ).replace(/[\u00a0\u202f]/g, ' ');
  for (const fact of ['Contact Paul Marc', 'SIREN 443 061 841', 'Relances en attente : réponse reçue']) {
    expect(text).toContain(fact);
  }
  expect(text).toContain('Fin de l’attente');
  expect(text).not.toContain('Déjà réglé');
});
