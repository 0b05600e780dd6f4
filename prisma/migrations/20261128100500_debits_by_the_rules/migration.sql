-- The debtor's address; until when a mandate may be used
ALTER TABLE "payments"."mandates" ADD COLUMN "adresse" JSONB,
                                  ADD COLUMN "derniere_presentation" TEXT NOT NULL DEFAULT '';

-- When a client was told of a debit, and who did without
ALTER TABLE "payments"."payments" ADD COLUMN "prenotifie_at" TIMESTAMPTZ(3),
                                  ADD COLUMN "sans_preavis" JSONB;

-- A file says again what was presented, whatever its mandates have become
ALTER TABLE "payments"."presentations" ADD COLUMN "adresse" JSONB,
                                       ADD COLUMN "sans_preavis" JSONB;

-- A file is filled in batches
ALTER TABLE "payments"."bank_files" ADD COLUMN "ouvert" BOOLEAN NOT NULL DEFAULT false,
                                    ADD COLUMN "pour_organisation_id" TEXT NOT NULL DEFAULT '',
                                    ADD COLUMN "ecartes" JSONB NOT NULL DEFAULT '{}',
                                    ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- The mandates that are in use already
UPDATE "payments"."mandates" m
SET "derniere_presentation" = p."last"
FROM (
  SELECT e."mandat_id", max(f."date_collecte") AS "last"
  FROM "payments"."presentations" e JOIN "payments"."bank_files" f ON f."id" = e."file_id"
  GROUP BY e."mandat_id"
) p
WHERE p."mandat_id" = m."id";
