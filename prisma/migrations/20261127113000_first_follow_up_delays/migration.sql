-- AlterTable
ALTER TABLE "relance"."suivis" ADD COLUMN     "delai" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "delai_rappel" TEXT NOT NULL DEFAULT '';
