-- AlterTable
ALTER TABLE "relance"."regles" ADD COLUMN     "montant_minimum" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "relance"."changements_regles" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "genre" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "auteur" TEXT NOT NULL,
    "motif" TEXT NOT NULL DEFAULT '',
    "avant" JSONB NOT NULL,
    "apres" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "changements_regles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retry"."policy_changes" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "genre" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "auteur" TEXT NOT NULL,
    "motif" TEXT NOT NULL DEFAULT '',
    "avant" JSONB NOT NULL,
    "apres" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_changes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "changements_regles_organisation_id_genre_version_key" ON "relance"."changements_regles"("organisation_id", "genre", "version");

-- CreateIndex
CREATE UNIQUE INDEX "policy_changes_organisation_id_genre_version_key" ON "retry"."policy_changes"("organisation_id", "genre", "version");
