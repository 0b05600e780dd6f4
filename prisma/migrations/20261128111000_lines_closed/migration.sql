-- What a person decided about a line that nobody could match: of a payment after all, another system's, or nothing. The
-- release before knows nothing of it: every new column has a default that is right for it.
ALTER TABLE "payments"."report_transactions"
    ADD COLUMN "cloture" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "cloture_par" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "cloture_pourquoi" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "clos_at" TIMESTAMPTZ(3);

ALTER TABLE "payments"."bank_reports" ADD COLUMN "closes" INTEGER NOT NULL DEFAULT 0;

-- Few of many are open: they are listed, oldest first, and counted without looking at the others; their mandates say of
-- which organisation they are.
CREATE INDEX "report_transactions_ouvertes_idx"
    ON "payments"."report_transactions"("report_id", "rang", lower(btrim("rum")))
    WHERE "issue" = 'INCONNU' AND "cloture" = '';
CREATE INDEX "report_transactions_closes_idx"
    ON "payments"."report_transactions"("report_id", "rang", lower(btrim("rum"))) WHERE "cloture" <> '';
