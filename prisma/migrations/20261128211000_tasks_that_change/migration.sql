-- AlterTable
ALTER TABLE "activites"."taches" ADD COLUMN     "note" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "resultat" TEXT NOT NULL DEFAULT 'RESULTAT_TACHE_UNSPECIFIED',
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "activites"."changements_tache" (
    "id" TEXT NOT NULL,
    "tache_id" TEXT NOT NULL,
    "auteur" TEXT NOT NULL,
    "champ" TEXT NOT NULL,
    "avant" TEXT NOT NULL,
    "apres" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "changements_tache_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "changements_tache_tache_id_id_idx" ON "activites"."changements_tache"("tache_id", "id");

-- CreateIndex
CREATE INDEX "taches_organisation_id_statut_echeance_id_idx" ON "activites"."taches"("organisation_id", "statut", "echeance", "id");
