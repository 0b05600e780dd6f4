-- AlterTable
ALTER TABLE "clients"."clients" ADD COLUMN     "raison_sociale" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "siren" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "numero_tva" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "reference_client" TEXT NOT NULL DEFAULT '';
