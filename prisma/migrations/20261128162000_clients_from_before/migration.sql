-- AlterTable
ALTER TABLE "clients"."clients" ADD COLUMN     "sans_bienvenue" BOOLEAN NOT NULL DEFAULT false;
