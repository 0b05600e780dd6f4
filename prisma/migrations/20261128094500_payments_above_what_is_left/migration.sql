-- AlterTable
ALTER TABLE "payments"."payments" ADD COLUMN     "accepte_depassement" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "depassement" BIGINT NOT NULL DEFAULT 0;
