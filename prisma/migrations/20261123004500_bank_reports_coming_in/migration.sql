-- What is read of a bank's report is kept before any of it is applied. The release before goes on writing reports as
-- it did: every new column has a default that is right for it.
ALTER TABLE "payments"."bank_reports"
    ALTER COLUMN "sha256" DROP NOT NULL,
    ADD COLUMN "canal" TEXT NOT NULL DEFAULT 'APPEL',
    ADD COLUMN "statut" TEXT NOT NULL DEFAULT 'IMPORTE',
    ADD COLUMN "motif" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "transactions" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "appliquees" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

UPDATE "payments"."bank_reports" SET "transactions" = "confirmes" + "rejetes" + "inconnus";

CREATE INDEX "bank_reports_statut_id_idx" ON "payments"."bank_reports"("statut", "id");

CREATE TABLE "payments"."report_transactions" (
    "report_id" TEXT NOT NULL,
    "rang" INTEGER NOT NULL,
    "ligne" INTEGER NOT NULL,
    "end_to_end_id" TEXT NOT NULL,
    "portee" TEXT NOT NULL,
    "etat" TEXT NOT NULL,
    "motif_rejet" TEXT NOT NULL,
    "survenu_at" TIMESTAMPTZ(3),
    "montant" BIGINT,
    "reference" TEXT NOT NULL,
    "issue" TEXT NOT NULL DEFAULT '',
    "motif" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "report_transactions_pkey" PRIMARY KEY ("report_id", "rang")
);

CREATE INDEX "report_transactions_end_to_end_id_idx" ON "payments"."report_transactions"("end_to_end_id");
