-- AlterTable
ALTER TABLE "relance"."attentes" ADD COLUMN     "echeances" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "grace_jours" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "invoice_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "jugement_at" TIMESTAMPTZ(3),
ADD COLUMN     "jusqu_au" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "montant" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "recu_avant" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "resultat" TEXT NOT NULL DEFAULT 'RESULTAT_ATTENTE_UNSPECIFIED',
ADD COLUMN     "suite_due" BOOLEAN NOT NULL DEFAULT false;

-- Holds that have ended: a person or a task ended them
UPDATE "relance"."attentes" SET "resultat" = 'ATTENTE_LEVEE' WHERE "levee_at" IS NOT NULL;

-- CreateIndex
CREATE INDEX "attentes_levee_at_jugement_at_idx" ON "relance"."attentes"("levee_at", "jugement_at");

-- CreateIndex
CREATE INDEX "attentes_suite_due_id_idx" ON "relance"."attentes"("suite_due", "id");
