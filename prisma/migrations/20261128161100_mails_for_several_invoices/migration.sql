-- AlterTable
ALTER TABLE "relance"."relances" ADD COLUMN     "envoi_en_cours" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "relance"."historique" ADD COLUMN     "message_id" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "relance"."envois_groupes" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "porteur_id" TEXT NOT NULL,
    "membres" JSONB NOT NULL,
    "message_id" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "parti_at" TIMESTAMPTZ(3),

    CONSTRAINT "envois_groupes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "envois_groupes_client_id_id_idx" ON "relance"."envois_groupes"("client_id", "id");
