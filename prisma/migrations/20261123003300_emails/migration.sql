-- Who signs an organisation's e-mails, what a mail server has refused, what of a credit note is VAT.

ALTER TABLE "organisations"."societes"
  ADD COLUMN "expediteur_nom" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "expediteur_adresse" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "reply_to" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "contact" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "paiement" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

ALTER TABLE "clients"."clients"
  ADD COLUMN "email_statut" TEXT NOT NULL DEFAULT 'ADRESSE_ACCEPTEE',
  ADD COLUMN "email_refuse_at" TIMESTAMPTZ(3),
  ADD COLUMN "email_refuse_raison" TEXT NOT NULL DEFAULT '';

ALTER TABLE "email"."emails"
  ADD COLUMN "expediteur_nom" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "expediteur_adresse" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "reply_to" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "code_refus" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "adresse_refusee" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "bounce_at" TIMESTAMPTZ(3),
  ADD COLUMN "client_informe" BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN "avoir_id" TEXT NOT NULL DEFAULT '';

-- A bounce that names only the recipient means their newest e-mail.
CREATE INDEX "emails_destinataire_id_idx" ON "email"."emails"("destinataire", "id");

ALTER TABLE "factures"."avoirs"
  ADD COLUMN "tva" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "montant_ht" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "montant_tva" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "invoice_numero" TEXT NOT NULL DEFAULT '';

UPDATE "factures"."avoirs" AS avoir SET "invoice_numero" = facture."numero"
FROM "factures"."factures" AS facture WHERE facture."id" = avoir."invoice_id";
