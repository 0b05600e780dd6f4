-- AlterTable
ALTER TABLE "relance"."relances" ADD COLUMN     "cycle" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "prochain_niveau" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "relance"."derniers_envois" (
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "envoi" TEXT NOT NULL,
    "dernier_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "derniers_envois_pkey" PRIMARY KEY ("organisation_id","client_id")
);
