-- what the retries of a payment are planned by
ALTER TABLE "retry"."schedules" ADD COLUMN "tentative_initiale" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "retry"."schedules" ADD COLUMN "tentative_rejetee" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "retry"."schedules" ADD COLUMN "rejete_at" TIMESTAMPTZ(3);
UPDATE "retry"."schedules" SET "rejete_at" = "date_rejet";
ALTER TABLE "retry"."schedules" ALTER COLUMN "rejete_at" SET NOT NULL;
ALTER TABLE "retry"."schedules" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "retry"."attempts" ADD COLUMN "date_collecte" TEXT NOT NULL DEFAULT '';
ALTER TABLE "retry"."attempts" ADD COLUMN "silence_at" TIMESTAMPTZ(3);
ALTER TABLE "retry"."audit_logs" ADD COLUMN "commande_id" TEXT NOT NULL DEFAULT '';
CREATE INDEX "audit_logs_commande_id_idx" ON "retry"."audit_logs"("commande_id");
