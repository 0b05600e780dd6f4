-- The payments to which an unknown line of a bank report may belong: by the beginning of a reference, or by the amount.
CREATE INDEX "presentations_montant_idx" ON "payments"."presentations"("montant");

-- Few of many payments have charges of the bank.
CREATE INDEX "payments_frais_idx" ON "payments"."payments"("id") WHERE "frais_bancaires" <> '[]';

-- Retries in order of their days.
CREATE INDEX "schedules_prochaine_at_id_idx" ON "retry"."schedules"("prochaine_at", "id");
