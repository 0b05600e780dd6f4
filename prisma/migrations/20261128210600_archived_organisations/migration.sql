-- AlterTable
ALTER TABLE "organisations"."organisations" ADD COLUMN     "archivee" BOOLEAN NOT NULL DEFAULT false;
