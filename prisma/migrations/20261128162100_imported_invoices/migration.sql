-- AlterTable
ALTER TABLE "factures"."factures" ADD COLUMN     "importee_at" TIMESTAMPTZ(3),
ADD COLUMN     "montant_regle_avant" BIGINT NOT NULL DEFAULT 0;
