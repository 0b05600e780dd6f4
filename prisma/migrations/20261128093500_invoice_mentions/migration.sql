-- AlterTable
ALTER TABLE "factures"."factures" ADD COLUMN     "date_prestation" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "periode_du" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "periode_au" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "categorie_operation" TEXT NOT NULL DEFAULT 'CATEGORIE_OPERATION_UNSPECIFIED',
ADD COLUMN     "adresse_livraison" JSONB,
ADD COLUMN     "numero_commande" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "mention_tva" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "emetteur" JSONB,
ADD COLUMN     "destinataire" JSONB;

-- AlterTable
ALTER TABLE "factures"."avoirs" ADD COLUMN     "emetteur" JSONB,
ADD COLUMN     "destinataire" JSONB;

-- AlterTable
ALTER TABLE "clients"."adresses" ADD COLUMN     "usage" TEXT NOT NULL DEFAULT 'FACTURATION';

-- AlterTable
ALTER TABLE "organisations"."societes" ADD COLUMN     "logo_id" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "tva_sur_debits" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "categorie_operation" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "mention_tva" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "organisations"."logos" (
    "id" TEXT NOT NULL,
    "type_mime" TEXT NOT NULL,
    "contenu" BYTEA NOT NULL,
    "largeur" INTEGER NOT NULL,
    "hauteur" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "logos_pkey" PRIMARY KEY ("id")
);
