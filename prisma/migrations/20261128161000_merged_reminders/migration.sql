-- AlterTable
ALTER TABLE "organisations"."organisations" ADD COLUMN     "relances_groupees" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "email"."emails" ADD COLUMN     "factures" TEXT[] DEFAULT ARRAY[]::TEXT[];
