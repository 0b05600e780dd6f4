-- AlterTable
ALTER TABLE "payments"."bank_reports" ADD COLUMN     "fichier" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "efface_at" TIMESTAMPTZ(3);
