-- What a bank's report says is kept line by line with every reference that it gives, and what became of it. The
-- release before goes on writing transactions as it did: every new column has a default that is right for it.
ALTER TABLE "payments"."report_transactions"
    ADD COLUMN "groupe" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "instr_id" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "rum" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "bloc_id" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "message_id" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "devise" TEXT NOT NULL DEFAULT 'EUR',
    ADD COLUMN "montant_net" BIGINT,
    ADD COLUMN "frais" BIGINT,
    ADD COLUMN "sens" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "extourne" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "nombre" INTEGER,
    ADD COLUMN "somme" BIGINT,
    ADD COLUMN "apparie_par" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "presentation_id" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "payment_id" TEXT NOT NULL DEFAULT '';

-- What reports said before was matched by EndToEndId.
UPDATE "payments"."report_transactions" t
SET "apparie_par" = 'END_TO_END_ID', "presentation_id" = p."id", "payment_id" = p."payment_id"
FROM "payments"."presentations" p
WHERE t."portee" = 'attempt' AND p."id" = t."end_to_end_id" AND t."issue" IN ('CONFIRME', 'REJETE');

CREATE INDEX "report_transactions_presentation_id_idx" ON "payments"."report_transactions"("presentation_id");
CREATE INDEX "report_transactions_payment_id_idx" ON "payments"."report_transactions"("payment_id");
CREATE INDEX "report_transactions_report_id_groupe_idx" ON "payments"."report_transactions"("report_id", "groupe");

ALTER TABLE "payments"."bank_reports"
    ADD COLUMN "frais" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "informations" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "autres" INTEGER NOT NULL DEFAULT 0;

-- What the bank charged for a payment: [{"montant": cents, "date": "2026-11-27"}]
ALTER TABLE "payments"."payments" ADD COLUMN "frais_bancaires" JSONB NOT NULL DEFAULT '[]';

-- References are compared without regard to case; those that we give are in small letters.
CREATE INDEX "mandates_rum_en_minuscules_idx" ON "payments"."mandates"(lower(btrim("rum")));
