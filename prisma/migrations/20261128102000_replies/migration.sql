-- AlterTable
ALTER TABLE "activites"."taches" ADD COLUMN     "origine" TEXT;

-- AlterTable
ALTER TABLE "activites"."activites" ADD COLUMN     "origine" TEXT;

-- CreateTable
CREATE TABLE "email"."reponses" (
    "id" TEXT NOT NULL,
    "email_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "cle" TEXT NOT NULL,
    "genre" TEXT NOT NULL,
    "raison" TEXT NOT NULL DEFAULT '',
    "de" TEXT NOT NULL DEFAULT '',
    "sujet" TEXT NOT NULL DEFAULT '',
    "texte" TEXT NOT NULL DEFAULT '',
    "tache_id" TEXT NOT NULL DEFAULT '',
    "suivie" BOOLEAN NOT NULL DEFAULT false,
    "recue_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reponses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relance"."attentes" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "genre" TEXT NOT NULL,
    "motif" TEXT NOT NULL,
    "auteur" TEXT NOT NULL,
    "tache_id" TEXT NOT NULL DEFAULT '',
    "origine" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "levee_at" TIMESTAMPTZ(3),
    "levee_par" TEXT NOT NULL DEFAULT '',
    "levee_motif" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "attentes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "taches_organisation_id_origine_key" ON "activites"."taches"("organisation_id", "origine");

-- CreateIndex
CREATE UNIQUE INDEX "activites_organisation_id_origine_key" ON "activites"."activites"("organisation_id", "origine");

-- CreateIndex
CREATE INDEX "reponses_organisation_id_id_idx" ON "email"."reponses"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "reponses_client_id_id_idx" ON "email"."reponses"("client_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "reponses_email_id_cle_key" ON "email"."reponses"("email_id", "cle");

-- CreateIndex
CREATE INDEX "attentes_organisation_id_id_idx" ON "relance"."attentes"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "attentes_client_id_levee_at_idx" ON "relance"."attentes"("client_id", "levee_at");

-- CreateIndex
CREATE UNIQUE INDEX "attentes_organisation_id_origine_key" ON "relance"."attentes"("organisation_id", "origine");
