-- AlterTable
ALTER TABLE "email"."emails" ADD COLUMN "facture_id" TEXT NOT NULL DEFAULT '';
