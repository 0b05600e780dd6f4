-- Of the lines of a report that name a mandate only, those of the same mandate are looked for.
CREATE INDEX "report_transactions_report_id_rum_en_minuscules_idx"
    ON "payments"."report_transactions"("report_id", lower(btrim("rum"))) WHERE "rum" <> '';
