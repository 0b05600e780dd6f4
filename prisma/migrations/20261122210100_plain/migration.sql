-- Revenue and cash flow are counted by what the figures need of an invoice and of a payment
ALTER TABLE "dashboard"."factures" DROP COLUMN "client_id", DROP COLUMN "date_echeance";
ALTER TABLE "dashboard"."factures" RENAME COLUMN "date_facture" TO "jour";
ALTER INDEX "dashboard"."factures_organisation_id_date_facture_idx" RENAME TO "factures_organisation_id_jour_idx";
DROP INDEX "dashboard"."encaissements_invoice_id_idx";
ALTER TABLE "dashboard"."encaissements" DROP CONSTRAINT "encaissements_pkey", DROP COLUMN "id", DROP COLUMN "invoice_id",
ADD CONSTRAINT "encaissements_pkey" PRIMARY KEY ("payment_id");

-- A shipment without events has no date of its state
ALTER TABLE "logistics"."expeditions" ALTER COLUMN "date_statut" DROP NOT NULL;

CREATE INDEX "organisations_membre_ids_idx" ON "organisations"."organisations" USING GIN ("membre_ids");

-- The code is the id
UPDATE "referentiel"."motifs_rejet" SET "id" = "code";
ALTER TABLE "referentiel"."motifs_rejet" DROP COLUMN "code";
UPDATE "referentiel"."modes_paiement" SET "id" = "code";
ALTER TABLE "referentiel"."modes_paiement" DROP COLUMN "code";
