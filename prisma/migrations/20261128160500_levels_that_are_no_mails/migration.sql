-- AlterTable
ALTER TABLE "relance"."regles" ADD COLUMN     "canal" TEXT NOT NULL DEFAULT 'COURRIEL';
