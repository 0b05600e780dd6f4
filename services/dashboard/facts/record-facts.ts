import type { Tx } from '@crm/db';
import type { ListFaitsResponse as Clients } from '@crm/proto/clients/faits';
import type { ListFaitsResponse as Invoices } from '@crm/proto/factures/faits';
import type { ListFaitsResponse as Payments } from '@crm/proto/payments/faits';
import { StatutPaiement } from '@crm/proto/payments/payments';
import type { ListEnvoisResponse, ListPromessesResponse } from '@crm/proto/relance/faits';

/** Rows as JSON for jsonb_to_recordset; amounts as text, which keeps every cent. */
const rows = (values: object[]): string =>
  JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

/** The states in which a debit is still to come. */
const EXPECTED: string[] = [StatutPaiement.PLANIFIE, StatutPaiement.EMIS];

/** Invoices and their credit notes. */
export async function recordInvoices(tx: Tx, { faits }: Invoices): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO dashboard.creances (invoice_id, organisation_id, client_id, numero, societe_id, societe, montant,
      regle_avant, date_facture, date_echeance, payee_le)
    SELECT "invoiceId", "organisationId", "clientId", numero, "societeId", societe, montant, "montantRegleAvant",
      "dateFacture", "dateEcheance", nullif("payeeLe", '')::date
    FROM jsonb_to_recordset(${rows(faits)}::jsonb) AS f("invoiceId" text, "organisationId" text, "clientId" text,
      numero text, "societeId" text, societe text, montant bigint, "montantRegleAvant" bigint, "dateFacture" date,
      "dateEcheance" date, "payeeLe" text)
    ON CONFLICT (invoice_id) DO UPDATE SET organisation_id = excluded.organisation_id, client_id = excluded.client_id,
      numero = excluded.numero, societe_id = excluded.societe_id, societe = excluded.societe,
      montant = excluded.montant, regle_avant = excluded.regle_avant, date_facture = excluded.date_facture,
      date_echeance = excluded.date_echeance, payee_le = excluded.payee_le`;
  const notes = faits.flatMap(({ invoiceId, organisationId, avoirs }) =>
    avoirs.map((avoir) => ({ ...avoir, invoiceId, organisationId })),
  );
  await tx.$executeRaw`
    INSERT INTO dashboard.mouvements (id, organisation_id, invoice_id, payment_id, genre, jour, montant, nominal,
      tentative, motif)
    SELECT id, "organisationId", "invoiceId", '', 'AVOIR', "dateAvoir", montant, montant, 0, ''
    FROM jsonb_to_recordset(${rows(notes)}::jsonb) AS a(id text, "organisationId" text, "invoiceId" text,
      "dateAvoir" date, montant bigint)
    ON CONFLICT (id) DO NOTHING`;
  await settle(
    tx,
    faits.map(({ invoiceId }) => invoiceId),
  );
}

/** Payments: their movements, and the debits to come. */
export async function recordPayments(tx: Tx, { faits }: Payments): Promise<void> {
  const movements = faits.flatMap(({ paymentId, organisationId, invoiceId, montant: nominal, mouvements }) =>
    mouvements.map(({ sequence, encaissement, ...movement }) => ({
      ...movement,
      ...{ paymentId, organisationId, invoiceId, nominal },
      id: `${paymentId}/${sequence}`,
      genre: encaissement ? 'ENCAISSEMENT' : movement.montant < 0n ? 'RETOUR' : 'REJET',
    })),
  );
  await tx.$executeRaw`
    INSERT INTO dashboard.mouvements (id, organisation_id, invoice_id, payment_id, genre, jour, montant, nominal,
      tentative, motif)
    SELECT id, "organisationId", "invoiceId", "paymentId", genre, jour, montant, nominal, tentative, "motifRejet"
    FROM jsonb_to_recordset(${rows(movements)}::jsonb) AS m(id text, "organisationId" text, "invoiceId" text,
      "paymentId" text, genre text, jour date, montant bigint, nominal bigint, tentative int, "motifRejet" text)
    ON CONFLICT (id) DO NOTHING`;
  const ids = faits.map(({ paymentId }) => paymentId);
  await tx.paiementAttendu.deleteMany({ where: { paymentId: { in: ids } } });
  await tx.paiementAttendu.createMany({
    data: faits
      .filter(({ statut, prelevement }) => prelevement && EXPECTED.includes(statut))
      .map(({ paymentId, organisationId, invoiceId, montant, datePrevue, tentative }) => ({
        ...{ paymentId, organisationId, invoiceId, montant, tentative },
        datePrevue: new Date(datePrevue),
      })),
  });
  await settle(tx, [...new Set(faits.map(({ invoiceId }) => invoiceId))].filter(Boolean));
}

/** The names of clients, and who looks after them. */
export async function recordClients(tx: Tx, { faits }: Clients): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO dashboard.clients (client_id, nom, gestionnaire_id)
    SELECT "clientId", nom, "gestionnaireId"
    FROM jsonb_to_recordset(${rows(faits)}::jsonb) AS c("clientId" text, nom text, "gestionnaireId" text)
    ON CONFLICT (client_id) DO UPDATE SET nom = excluded.nom, gestionnaire_id = excluded.gestionnaire_id`;
}

/** Reminders that went out. */
export async function recordReminders(tx: Tx, { faits }: ListEnvoisResponse): Promise<void> {
  await tx.relanceEnvoyee.createMany({
    data: faits.map(({ id, organisationId, invoiceId, niveau, jour }) => ({
      ...{ id, organisationId, invoiceId, niveau },
      jour: new Date(jour),
    })),
    skipDuplicates: true,
  });
}

/** Promises to pay. */
export async function recordPromises(tx: Tx, { faits }: ListPromessesResponse): Promise<void> {
  await tx.promesse.deleteMany({ where: { id: { in: faits.map(({ id }) => id) } } });
  await tx.promesse.createMany({
    data: faits.map(({ echeances, ...promise }) => ({
      ...promise,
      echeances: echeances.map(({ date, montant }) => ({ date, montant: String(montant) })),
    })),
  });
}

/**
 * Computes from which day on nothing is owed of invoices: the first day after which what was received and credited never
 * falls below what is due; or the day on which a person marked it as paid.
 */
async function settle(tx: Tx, invoiceIds: string[]): Promise<void> {
  // the two readers of a page may settle the same invoice: the row's lock orders them, and the later one sees both
  await tx.$queryRaw`
    SELECT 1 FROM dashboard.creances WHERE invoice_id = ANY(${invoiceIds}) ORDER BY invoice_id FOR UPDATE`;
  await tx.$executeRaw`
    UPDATE dashboard.creances c SET soldee_le = least(c.payee_le, CASE
      WHEN c.regle_avant >= c.montant THEN c.date_facture
      WHEN s.jour < c.date_facture THEN c.date_facture
      ELSE s.jour END)
    FROM (
      SELECT c.invoice_id, min(j.jour) FILTER (WHERE j.au_moins + c.regle_avant >= c.montant) AS jour
      FROM dashboard.creances c LEFT JOIN (
        SELECT invoice_id, jour, min(recu) OVER (PARTITION BY invoice_id ORDER BY jour DESC) AS au_moins
        FROM (
          SELECT invoice_id, jour, sum(sum(montant)) OVER (PARTITION BY invoice_id ORDER BY jour) AS recu
          FROM dashboard.mouvements WHERE invoice_id = ANY(${invoiceIds}) AND montant <> 0 GROUP BY invoice_id, jour
        ) jours
      ) j USING (invoice_id)
      WHERE c.invoice_id = ANY(${invoiceIds}) GROUP BY c.invoice_id) s
    WHERE c.invoice_id = s.invoice_id`;
}
