-- The creditor belongs to the organisation
CREATE TABLE "payments"."creanciers" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "iban_chiffre" BYTEA NOT NULL,
    "iban_masque" TEXT NOT NULL,
    "bic" TEXT NOT NULL,
    "ics" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "creanciers_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "creanciers_organisation_id_key" ON "payments"."creanciers"("organisation_id");

-- A file is rendered from what was so when it was made
ALTER TABLE "payments"."bank_files" ADD COLUMN "creanciers" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "payments"."presentations" ADD COLUMN "retournee" BOOLEAN NOT NULL DEFAULT false;

-- Prenotification
ALTER TABLE "payments"."payments" ADD COLUMN "prenotifie_pour" TEXT NOT NULL DEFAULT '';

-- A stopped retry goes on with another mandate
ALTER TABLE "retry"."schedules" ADD COLUMN "mandat_id" TEXT NOT NULL DEFAULT '',
                                ADD COLUMN "reprise_at" TIMESTAMPTZ(3);
