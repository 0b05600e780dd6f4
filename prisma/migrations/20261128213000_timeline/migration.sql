-- AlterTable
ALTER TABLE "activites"."changements_tache" ADD COLUMN     "client_id" TEXT NOT NULL DEFAULT '';
UPDATE "activites"."changements_tache" c SET client_id = t.client_id FROM "activites"."taches" t WHERE t.id = c.tache_id;

-- AlterTable
ALTER TABLE "contrats"."contrats" ADD COLUMN     "resilie_at" TIMESTAMPTZ(3),
ADD COLUMN     "signe_at" TIMESTAMPTZ(3);
UPDATE "contrats"."contrats" SET
  signe_at = CASE WHEN date_signature <> '' THEN date_signature::timestamp AT TIME ZONE 'Europe/Paris' END,
  resilie_at = CASE WHEN date_resiliation <> '' THEN date_resiliation::timestamp AT TIME ZONE 'Europe/Paris' END;

-- AlterTable
ALTER TABLE "factures"."factures" ADD COLUMN     "payee_at" TIMESTAMPTZ(3),
ADD COLUMN     "payee_par" TEXT NOT NULL DEFAULT '';
UPDATE "factures"."factures" SET payee_at = date_paiement::timestamp AT TIME ZONE 'Europe/Paris' WHERE date_paiement <> '';

-- AlterTable
ALTER TABLE "retry"."audit_logs" ADD COLUMN     "client_id" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "invoice_id" TEXT NOT NULL DEFAULT '';
UPDATE "retry"."audit_logs" a SET client_id = s.client_id, invoice_id = s.invoice_id
FROM "retry"."schedules" s WHERE s.id = a.schedule_id;

-- CreateTable
CREATE TABLE "clients"."decisions" (
    "id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "auteur" TEXT NOT NULL,
    "champ" TEXT NOT NULL,
    "avant" TEXT NOT NULL,
    "apres" TEXT NOT NULL,
    "motif" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payments"."mouvements" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "tentative" INTEGER NOT NULL,
    "montant" BIGINT NOT NULL,
    "motif" TEXT NOT NULL DEFAULT '',
    "jour" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mouvements_pkey" PRIMARY KEY ("id")
);

-- What is known of payments so far: every presentation, and the last result.
INSERT INTO "payments"."mouvements" (id, organisation_id, client_id, invoice_id, payment_id, statut, tentative, montant, jour, created_at)
SELECT gen_random_uuid()::text, p.organisation_id, p.client_id, p.invoice_id, p.id, 'EMIS', e.tentative, e.montant,
  f.date_collecte, f.created_at
FROM "payments"."presentations" e
  JOIN "payments"."payments" p ON p.id = e.payment_id
  JOIN "payments"."bank_files" f ON f.id = e.file_id;
INSERT INTO "payments"."mouvements" (id, organisation_id, client_id, invoice_id, payment_id, statut, tentative, montant, motif, jour, created_at)
SELECT gen_random_uuid()::text, organisation_id, client_id, invoice_id, id, statut, tentative, montant, motif_rejet,
  to_char(coalesce(date_reception, date_rejet) AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD'), coalesce(date_reception, date_rejet)
FROM "payments"."payments"
WHERE coalesce(date_reception, date_rejet) IS NOT NULL AND statut IN ('ENCAISSE', 'REJETE');


-- CreateIndex
CREATE INDEX "activites_client_id_date_activite_id_idx" ON "activites"."activites"("client_id", "date_activite", "id");

-- CreateIndex
CREATE INDEX "changements_tache_client_id_created_at_id_idx" ON "activites"."changements_tache"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "taches_client_id_created_at_id_idx" ON "activites"."taches"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "decisions_client_id_created_at_id_idx" ON "clients"."decisions"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "contrats_client_id_resilie_at_id_idx" ON "contrats"."contrats"("client_id", "resilie_at", "id");

-- CreateIndex
CREATE INDEX "contrats_client_id_signe_at_id_idx" ON "contrats"."contrats"("client_id", "signe_at", "id");

-- CreateIndex
CREATE INDEX "emails_client_id_bounce_at_id_idx" ON "email"."emails"("client_id", "bounce_at", "id");

-- CreateIndex
CREATE INDEX "emails_client_id_created_at_id_idx" ON "email"."emails"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "reponses_client_id_recue_at_id_idx" ON "email"."reponses"("client_id", "recue_at", "id");

-- CreateIndex
CREATE INDEX "avoirs_client_id_created_at_id_idx" ON "factures"."avoirs"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "factures_client_id_created_at_id_idx" ON "factures"."factures"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "factures_client_id_payee_at_id_idx" ON "factures"."factures"("client_id", "payee_at", "id");

-- CreateIndex
CREATE INDEX "mouvements_client_id_created_at_id_idx" ON "payments"."mouvements"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "payments_client_id_created_at_id_idx" ON "payments"."payments"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "attentes_client_id_created_at_id_idx" ON "relance"."attentes"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "attentes_client_id_levee_at_id_idx" ON "relance"."attentes"("client_id", "levee_at", "id");

-- CreateIndex
CREATE INDEX "historique_client_id_created_at_id_idx" ON "relance"."historique"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "audit_logs_client_id_created_at_id_idx" ON "retry"."audit_logs"("client_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "schedules_client_id_created_at_id_idx" ON "retry"."schedules"("client_id", "created_at", "id");
