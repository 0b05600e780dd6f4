-- What others read of these tables, in the order in which it was written (docs/adr/0044). NULL: written, and not numbered.
ALTER TABLE "factures"."factures" ADD COLUMN "rang_fait" BIGINT;
ALTER TABLE "payments"."payments" ADD COLUMN "rang_fait" BIGINT;
ALTER TABLE "clients"."clients" ADD COLUMN "rang_fait" BIGINT;
ALTER TABLE "relance"."historique" ADD COLUMN "rang_fait" BIGINT;
ALTER TABLE "relance"."attentes" ADD COLUMN "rang_fait" BIGINT;

CREATE INDEX "factures_rang_fait_idx" ON "factures"."factures"("rang_fait");
CREATE INDEX "payments_rang_fait_idx" ON "payments"."payments"("rang_fait");
CREATE INDEX "clients_rang_fait_idx" ON "clients"."clients"("rang_fait");
CREATE INDEX "historique_rang_fait_idx" ON "relance"."historique"("rang_fait");
CREATE INDEX "attentes_rang_fait_idx" ON "relance"."attentes"("rang_fait");

CREATE SEQUENCE "events"."rangs_faits";

-- A row that changes loses its number; the reader gives it the next one.
CREATE FUNCTION "events"."forget_rang_fait"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.rang_fait := NULL;
  RETURN NEW;
END $$;

CREATE TRIGGER "factures_rang_fait" BEFORE UPDATE ON "factures"."factures"
  FOR EACH ROW WHEN (NEW.rang_fait IS NOT DISTINCT FROM OLD.rang_fait) EXECUTE FUNCTION "events"."forget_rang_fait"();
CREATE TRIGGER "payments_rang_fait" BEFORE UPDATE ON "payments"."payments"
  FOR EACH ROW WHEN (NEW.rang_fait IS NOT DISTINCT FROM OLD.rang_fait) EXECUTE FUNCTION "events"."forget_rang_fait"();
CREATE TRIGGER "clients_rang_fait" BEFORE UPDATE ON "clients"."clients"
  FOR EACH ROW WHEN (NEW.rang_fait IS NOT DISTINCT FROM OLD.rang_fait) EXECUTE FUNCTION "events"."forget_rang_fait"();
CREATE TRIGGER "attentes_rang_fait" BEFORE UPDATE ON "relance"."attentes"
  FOR EACH ROW WHEN (NEW.rang_fait IS NOT DISTINCT FROM OLD.rang_fait) EXECUTE FUNCTION "events"."forget_rang_fait"();

CREATE INDEX "mouvements_payment_id_idx" ON "payments"."mouvements"("payment_id");

-- CreateTable
CREATE TABLE "dashboard"."curseurs" (
    "source" TEXT NOT NULL,
    "dernier" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "curseurs_pkey" PRIMARY KEY ("source")
);

-- CreateTable
CREATE TABLE "dashboard"."creances" (
    "invoice_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "numero" TEXT NOT NULL,
    "societe_id" TEXT NOT NULL,
    "societe" TEXT NOT NULL,
    "montant" BIGINT NOT NULL,
    "regle_avant" BIGINT NOT NULL,
    "date_facture" DATE NOT NULL,
    "date_echeance" DATE NOT NULL,
    "payee_le" DATE,
    "soldee_le" DATE,

    CONSTRAINT "creances_pkey" PRIMARY KEY ("invoice_id")
);
CREATE INDEX "creances_organisation_id_soldee_le_idx" ON "dashboard"."creances"("organisation_id", "soldee_le");
CREATE INDEX "creances_soldee_le_idx" ON "dashboard"."creances"("soldee_le");

-- CreateTable
CREATE TABLE "dashboard"."mouvements" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "genre" TEXT NOT NULL,
    "jour" DATE NOT NULL,
    "montant" BIGINT NOT NULL,
    "nominal" BIGINT NOT NULL,
    "tentative" INTEGER NOT NULL,
    "motif" TEXT NOT NULL,

    CONSTRAINT "mouvements_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "mouvements_invoice_id_jour_idx" ON "dashboard"."mouvements"("invoice_id", "jour");
CREATE INDEX "mouvements_payment_id_idx" ON "dashboard"."mouvements"("payment_id");
CREATE INDEX "mouvements_organisation_id_jour_idx" ON "dashboard"."mouvements"("organisation_id", "jour");

-- CreateTable
CREATE TABLE "dashboard"."paiements_attendus" (
    "payment_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "montant" BIGINT NOT NULL,
    "date_prevue" DATE NOT NULL,
    "tentative" INTEGER NOT NULL,

    CONSTRAINT "paiements_attendus_pkey" PRIMARY KEY ("payment_id")
);
CREATE INDEX "paiements_attendus_organisation_id_idx" ON "dashboard"."paiements_attendus"("organisation_id");

-- CreateTable
CREATE TABLE "dashboard"."clients" (
    "client_id" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "gestionnaire_id" TEXT NOT NULL,

    CONSTRAINT "clients_pkey" PRIMARY KEY ("client_id")
);

-- CreateTable
CREATE TABLE "dashboard"."relances_envoyees" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "niveau" INTEGER NOT NULL,
    "jour" DATE NOT NULL,

    CONSTRAINT "relances_envoyees_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "relances_envoyees_invoice_id_jour_idx" ON "dashboard"."relances_envoyees"("invoice_id", "jour");
CREATE INDEX "relances_envoyees_organisation_id_jour_idx" ON "dashboard"."relances_envoyees"("organisation_id", "jour");

-- CreateTable
CREATE TABLE "dashboard"."promesses" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "invoice_ids" TEXT[],
    "echeances" JSONB NOT NULL,
    "ouverte" BOOLEAN NOT NULL,
    "tenue" BOOLEAN NOT NULL,
    "rompue" BOOLEAN NOT NULL,

    CONSTRAINT "promesses_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "promesses_organisation_id_idx" ON "dashboard"."promesses"("organisation_id");
