-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "calendar";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "commerciaux";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "commission";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "contrats";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "documents";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "factures";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "logistics";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "organisations";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "payments";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "products";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "referentiel";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "retry";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "users";

-- AlterTable
ALTER TABLE "clients"."clients" ADD COLUMN     "bloque" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "sans_relance" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "email"."emails" ADD COLUMN     "facture_id" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "calendar"."holidays" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "date" TEXT NOT NULL,
    "libelle" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "holidays_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "commerciaux"."apporteurs" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "prenom" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "telephone" TEXT NOT NULL,
    "bareme_id" TEXT NOT NULL,
    "actif" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "apporteurs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "commerciaux"."baremes" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "montant_fixe" BIGINT NOT NULL DEFAULT 0,
    "taux_points_base" INTEGER NOT NULL DEFAULT 0,
    "paliers" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "baremes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "commission"."commissions" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "apporteur_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "contrat_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "montant_base" BIGINT NOT NULL,
    "montant" BIGINT NOT NULL,
    "bareme_id" TEXT NOT NULL,
    "calcul" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "motif_reprise" TEXT NOT NULL DEFAULT '',
    "reprise_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "commissions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contrats"."contrats" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "produit_id" TEXT NOT NULL,
    "apporteur_id" TEXT NOT NULL,
    "mandat_id" TEXT NOT NULL,
    "montant_total" BIGINT NOT NULL,
    "nombre_echeances" INTEGER NOT NULL,
    "date_premiere_echeance" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "date_signature" TEXT NOT NULL DEFAULT '',
    "date_resiliation" TEXT NOT NULL DEFAULT '',
    "motif_resiliation" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contrats_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contrats"."numeros" (
    "organisation_id" TEXT NOT NULL,
    "annee" INTEGER NOT NULL,
    "dernier" INTEGER NOT NULL,

    CONSTRAINT "numeros_pkey" PRIMARY KEY ("organisation_id","annee")
);

-- CreateTable
CREATE TABLE "dashboard"."factures" (
    "invoice_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "montant" BIGINT NOT NULL,
    "jour" DATE NOT NULL,

    CONSTRAINT "factures_pkey" PRIMARY KEY ("invoice_id")
);

-- CreateTable
CREATE TABLE "dashboard"."encaissements" (
    "payment_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "montant" BIGINT NOT NULL,
    "jour" DATE NOT NULL,

    CONSTRAINT "encaissements_pkey" PRIMARY KEY ("payment_id")
);

-- CreateTable
CREATE TABLE "documents"."pieces_jointes" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "type_entite" TEXT NOT NULL,
    "entite_id" TEXT NOT NULL,
    "nom_fichier" TEXT NOT NULL,
    "type_mime" TEXT NOT NULL,
    "taille" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "archivee_at" TIMESTAMPTZ(3),
    "auteur" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pieces_jointes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "factures"."factures" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "numero" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "contrat_id" TEXT NOT NULL,
    "objet" TEXT NOT NULL,
    "lignes" JSONB NOT NULL,
    "tva" JSONB NOT NULL,
    "montant_ht" BIGINT NOT NULL,
    "montant_tva" BIGINT NOT NULL,
    "montant" BIGINT NOT NULL,
    "montant_avoirs" BIGINT NOT NULL DEFAULT 0,
    "statut" TEXT NOT NULL,
    "date_facture" TEXT NOT NULL,
    "date_echeance" TEXT NOT NULL,
    "date_paiement" TEXT NOT NULL DEFAULT '',
    "motif_paiement" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "factures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "factures"."avoirs" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "numero" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "montant" BIGINT NOT NULL,
    "motif" TEXT NOT NULL,
    "date_avoir" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "avoirs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "factures"."numeros" (
    "organisation_id" TEXT NOT NULL,
    "genre" TEXT NOT NULL,
    "annee" INTEGER NOT NULL,
    "dernier" INTEGER NOT NULL,

    CONSTRAINT "numeros_pkey" PRIMARY KEY ("organisation_id","genre","annee")
);

-- CreateTable
CREATE TABLE "logistics"."expeditions" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "contrat_id" TEXT NOT NULL,
    "transporteur" TEXT NOT NULL,
    "numero_suivi" TEXT NOT NULL,
    "adresse" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "date_statut" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "expeditions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "logistics"."evenements" (
    "id" TEXT NOT NULL,
    "expedition_id" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "lieu" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "date_evenement" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evenements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisations"."organisations" (
    "id" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "finance_ids" TEXT[],
    "membre_ids" TEXT[],
    "email" TEXT NOT NULL,
    "telephone" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organisations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisations"."societes" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "raison_sociale" TEXT NOT NULL,
    "siren" TEXT NOT NULL,
    "numero_tva" TEXT NOT NULL,
    "forme_juridique" TEXT NOT NULL,
    "capital" BIGINT NOT NULL DEFAULT 0,
    "rcs" TEXT NOT NULL,
    "adresse" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "societes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payments"."schedules" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "contrat_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "mandat_id" TEXT NOT NULL,
    "montant_total" BIGINT NOT NULL,
    "nombre_echeances" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "schedules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payments"."payments" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "schedule_id" TEXT NOT NULL,
    "contrat_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "mandat_id" TEXT NOT NULL,
    "montant" BIGINT NOT NULL,
    "statut" TEXT NOT NULL,
    "date_prevue" TEXT NOT NULL,
    "date_emission" TEXT NOT NULL DEFAULT '',
    "date_reception" TIMESTAMPTZ(3),
    "date_rejet" TIMESTAMPTZ(3),
    "motif_rejet" TEXT NOT NULL DEFAULT '',
    "tentative" INTEGER NOT NULL DEFAULT 1,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payments"."mandates" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "iban_chiffre" BYTEA NOT NULL,
    "iban_masque" TEXT NOT NULL,
    "bic" TEXT NOT NULL,
    "titulaire" TEXT NOT NULL,
    "rum" TEXT NOT NULL,
    "date_signature" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "prenotification_jours" INTEGER NOT NULL,
    "revoque_at" TIMESTAMPTZ(3),
    "motif_revocation" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mandates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payments"."bank_files" (
    "id" TEXT NOT NULL,
    "date_collecte" TEXT NOT NULL,
    "nom_fichier" TEXT NOT NULL,
    "nombre" INTEGER NOT NULL,
    "total" BIGINT NOT NULL,
    "written_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bank_files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payments"."presentations" (
    "id" TEXT NOT NULL,
    "file_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "tentative" INTEGER NOT NULL,
    "mandat_id" TEXT NOT NULL,
    "montant" BIGINT NOT NULL,
    "sequence_type" TEXT NOT NULL,
    "bloc_id" TEXT NOT NULL,
    "libelle" TEXT NOT NULL,

    CONSTRAINT "presentations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payments"."bank_reports" (
    "id" TEXT NOT NULL,
    "nom_fichier" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "confirmes" INTEGER NOT NULL DEFAULT 0,
    "rejetes" INTEGER NOT NULL DEFAULT 0,
    "inconnus" INTEGER NOT NULL DEFAULT 0,
    "auteur" TEXT NOT NULL,
    "importe_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bank_reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "products"."produits" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "prix_ht" BIGINT NOT NULL,
    "taux_tva_points_base" INTEGER NOT NULL,
    "actif" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "produits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referentiel"."motifs_rejet" (
    "id" TEXT NOT NULL,
    "libelle" TEXT NOT NULL,
    "classe" TEXT NOT NULL,

    CONSTRAINT "motifs_rejet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "referentiel"."modes_paiement" (
    "id" TEXT NOT NULL,
    "libelle" TEXT NOT NULL,

    CONSTRAINT "modes_paiement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relance"."relances" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "niveaux" JSONB NOT NULL,
    "prochaine_at" TIMESTAMPTZ(3),
    "prochain_niveau" INTEGER NOT NULL DEFAULT 0,
    "cycle" INTEGER NOT NULL DEFAULT 1,
    "version" INTEGER NOT NULL DEFAULT 1,
    "pause_jusqu_au" TEXT NOT NULL DEFAULT '',
    "motif_fin" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "relances_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relance"."regles" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "niveau" INTEGER NOT NULL,
    "base" TEXT NOT NULL,
    "delai" TEXT NOT NULL,
    "modele" TEXT NOT NULL,
    "ouverture" TEXT NOT NULL,
    "fermeture" TEXT NOT NULL,
    "tous_les_jours" BOOLEAN NOT NULL DEFAULT false,
    "espacement" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "regles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relance"."historique" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "relance_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "niveau" INTEGER NOT NULL DEFAULT 0,
    "auteur" TEXT NOT NULL,
    "motif" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "historique_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relance"."derniers_envois" (
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "envoi" TEXT NOT NULL,
    "dernier_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "derniers_envois_pkey" PRIMARY KEY ("organisation_id","client_id")
);

-- CreateTable
CREATE TABLE "retry"."policies" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "politique" JSONB NOT NULL,
    "priorite" INTEGER NOT NULL DEFAULT 0,
    "actif" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retry"."schedules" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "montant" BIGINT NOT NULL,
    "motif_rejet" TEXT NOT NULL,
    "date_rejet" TIMESTAMPTZ(3) NOT NULL,
    "tentative_initiale" INTEGER NOT NULL DEFAULT 1,
    "tentative_rejetee" INTEGER NOT NULL DEFAULT 1,
    "rejete_at" TIMESTAMPTZ(3) NOT NULL,
    "eligibilite" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "politique" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "prochaine_at" TIMESTAMPTZ(3),
    "motif_fin" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schedules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retry"."attempts" (
    "id" TEXT NOT NULL,
    "schedule_id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "numero" INTEGER NOT NULL,
    "date_prevue" TIMESTAMPTZ(3) NOT NULL,
    "statut" TEXT NOT NULL,
    "motif_rejet" TEXT NOT NULL DEFAULT '',
    "soumise_at" TIMESTAMPTZ(3),
    "date_collecte" TEXT NOT NULL DEFAULT '',
    "silence_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retry"."audit_logs" (
    "id" TEXT NOT NULL,
    "schedule_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "auteur" TEXT NOT NULL,
    "motif" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "commande_id" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_logs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users"."utilisateurs" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "keycloak_id" TEXT,
    "nom" TEXT NOT NULL,
    "prenom" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "utilisateurs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "holidays_organisation_id_id_idx" ON "calendar"."holidays"("organisation_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "holidays_organisation_id_date_key" ON "calendar"."holidays"("organisation_id", "date");

-- CreateIndex
CREATE INDEX "apporteurs_organisation_id_id_idx" ON "commerciaux"."apporteurs"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "baremes_organisation_id_id_idx" ON "commerciaux"."baremes"("organisation_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "commissions_payment_id_key" ON "commission"."commissions"("payment_id");

-- CreateIndex
CREATE INDEX "commissions_organisation_id_id_idx" ON "commission"."commissions"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "commissions_apporteur_id_id_idx" ON "commission"."commissions"("apporteur_id", "id");

-- CreateIndex
CREATE INDEX "contrats_organisation_id_id_idx" ON "contrats"."contrats"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "contrats_client_id_id_idx" ON "contrats"."contrats"("client_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "contrats_organisation_id_reference_key" ON "contrats"."contrats"("organisation_id", "reference");

-- CreateIndex
CREATE INDEX "factures_organisation_id_jour_idx" ON "dashboard"."factures"("organisation_id", "jour");

-- CreateIndex
CREATE INDEX "encaissements_organisation_id_jour_idx" ON "dashboard"."encaissements"("organisation_id", "jour");

-- CreateIndex
CREATE INDEX "pieces_jointes_organisation_id_id_idx" ON "documents"."pieces_jointes"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "pieces_jointes_type_entite_entite_id_id_idx" ON "documents"."pieces_jointes"("type_entite", "entite_id", "id");

-- CreateIndex
CREATE INDEX "pieces_jointes_sha256_idx" ON "documents"."pieces_jointes"("sha256");

-- CreateIndex
CREATE INDEX "factures_organisation_id_id_idx" ON "factures"."factures"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "factures_client_id_id_idx" ON "factures"."factures"("client_id", "id");

-- CreateIndex
CREATE INDEX "factures_contrat_id_id_idx" ON "factures"."factures"("contrat_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "factures_organisation_id_numero_key" ON "factures"."factures"("organisation_id", "numero");

-- CreateIndex
CREATE INDEX "avoirs_organisation_id_id_idx" ON "factures"."avoirs"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "avoirs_invoice_id_id_idx" ON "factures"."avoirs"("invoice_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "avoirs_organisation_id_numero_key" ON "factures"."avoirs"("organisation_id", "numero");

-- CreateIndex
CREATE INDEX "expeditions_organisation_id_id_idx" ON "logistics"."expeditions"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "expeditions_client_id_id_idx" ON "logistics"."expeditions"("client_id", "id");

-- CreateIndex
CREATE INDEX "evenements_expedition_id_date_evenement_idx" ON "logistics"."evenements"("expedition_id", "date_evenement");

-- CreateIndex
CREATE UNIQUE INDEX "organisations_code_key" ON "organisations"."organisations"("code");

-- CreateIndex
CREATE INDEX "organisations_membre_ids_idx" ON "organisations"."organisations" USING GIN ("membre_ids");

-- CreateIndex
CREATE INDEX "societes_organisation_id_id_idx" ON "organisations"."societes"("organisation_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "schedules_contrat_id_key" ON "payments"."schedules"("contrat_id");

-- CreateIndex
CREATE INDEX "schedules_organisation_id_id_idx" ON "payments"."schedules"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "schedules_client_id_id_idx" ON "payments"."schedules"("client_id", "id");

-- CreateIndex
CREATE INDEX "payments_organisation_id_id_idx" ON "payments"."payments"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "payments_client_id_id_idx" ON "payments"."payments"("client_id", "id");

-- CreateIndex
CREATE INDEX "payments_schedule_id_id_idx" ON "payments"."payments"("schedule_id", "id");

-- CreateIndex
CREATE INDEX "payments_invoice_id_id_idx" ON "payments"."payments"("invoice_id", "id");

-- CreateIndex
CREATE INDEX "payments_statut_date_prevue_idx" ON "payments"."payments"("statut", "date_prevue");

-- CreateIndex
CREATE INDEX "mandates_organisation_id_id_idx" ON "payments"."mandates"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "mandates_client_id_id_idx" ON "payments"."mandates"("client_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "mandates_organisation_id_rum_key" ON "payments"."mandates"("organisation_id", "rum");

-- CreateIndex
CREATE UNIQUE INDEX "bank_files_nom_fichier_key" ON "payments"."bank_files"("nom_fichier");

-- CreateIndex
CREATE INDEX "bank_files_date_collecte_id_idx" ON "payments"."bank_files"("date_collecte", "id");

-- CreateIndex
CREATE INDEX "presentations_file_id_idx" ON "payments"."presentations"("file_id");

-- CreateIndex
CREATE INDEX "presentations_bloc_id_idx" ON "payments"."presentations"("bloc_id");

-- CreateIndex
CREATE INDEX "presentations_mandat_id_idx" ON "payments"."presentations"("mandat_id");

-- CreateIndex
CREATE UNIQUE INDEX "presentations_payment_id_tentative_key" ON "payments"."presentations"("payment_id", "tentative");

-- CreateIndex
CREATE UNIQUE INDEX "bank_reports_sha256_key" ON "payments"."bank_reports"("sha256");

-- CreateIndex
CREATE INDEX "produits_organisation_id_id_idx" ON "products"."produits"("organisation_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "produits_organisation_id_code_key" ON "products"."produits"("organisation_id", "code");

-- CreateIndex
CREATE UNIQUE INDEX "relances_invoice_id_key" ON "relance"."relances"("invoice_id");

-- CreateIndex
CREATE INDEX "relances_organisation_id_id_idx" ON "relance"."relances"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "relances_client_id_id_idx" ON "relance"."relances"("client_id", "id");

-- CreateIndex
CREATE INDEX "relances_statut_id_idx" ON "relance"."relances"("statut", "id");

-- CreateIndex
CREATE INDEX "regles_organisation_id_id_idx" ON "relance"."regles"("organisation_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "regles_organisation_id_niveau_key" ON "relance"."regles"("organisation_id", "niveau");

-- CreateIndex
CREATE INDEX "historique_organisation_id_id_idx" ON "relance"."historique"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "historique_relance_id_id_idx" ON "relance"."historique"("relance_id", "id");

-- CreateIndex
CREATE INDEX "historique_client_id_id_idx" ON "relance"."historique"("client_id", "id");

-- CreateIndex
CREATE INDEX "policies_organisation_id_id_idx" ON "retry"."policies"("organisation_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "schedules_payment_id_key" ON "retry"."schedules"("payment_id");

-- CreateIndex
CREATE INDEX "schedules_organisation_id_id_idx" ON "retry"."schedules"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "schedules_client_id_id_idx" ON "retry"."schedules"("client_id", "id");

-- CreateIndex
CREATE INDEX "schedules_statut_id_idx" ON "retry"."schedules"("statut", "id");

-- CreateIndex
CREATE INDEX "attempts_payment_id_id_idx" ON "retry"."attempts"("payment_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "attempts_schedule_id_numero_key" ON "retry"."attempts"("schedule_id", "numero");

-- CreateIndex
CREATE INDEX "audit_logs_schedule_id_id_idx" ON "retry"."audit_logs"("schedule_id", "id");

-- CreateIndex
CREATE INDEX "audit_logs_commande_id_idx" ON "retry"."audit_logs"("commande_id");

-- CreateIndex
CREATE UNIQUE INDEX "utilisateurs_keycloak_id_key" ON "users"."utilisateurs"("keycloak_id");

-- CreateIndex
CREATE INDEX "utilisateurs_organisation_id_id_idx" ON "users"."utilisateurs"("organisation_id", "id");

-- An archived file's row is never changed and never deleted, whoever asks. Prisma knows nothing of it: it is kept by hand.
CREATE FUNCTION "documents"."refuse_change_of_archived"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'pieces_jointes %: archived, neither changed nor deleted', OLD.id USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER "pieces_jointes_archivees" BEFORE UPDATE OR DELETE ON "documents"."pieces_jointes"
  FOR EACH ROW WHEN (OLD.archivee_at IS NOT NULL) EXECUTE FUNCTION "documents"."refuse_change_of_archived"();

-- The reason codes of rejected SEPA debits (ISO 20022 external status reason codes) and what follows from each.
INSERT INTO "referentiel"."motifs_rejet" ("id", "libelle", "classe")
SELECT "code", "libelle", "classe" FROM (VALUES
  ('AM04', 'Provision insuffisante', 'REESSAI'),
  ('MS03', 'Raison non communiquée', 'REESSAI_SUR_OPTION'),
  ('AC01', 'Identifiant du compte incorrect', 'NOUVELLES_COORDONNEES'),
  ('AC04', 'Compte clôturé', 'NOUVELLES_COORDONNEES'),
  ('AC06', 'Compte bloqué', 'NOUVELLES_COORDONNEES'),
  ('AC13', 'Type de compte du débiteur incorrect', 'NOUVELLES_COORDONNEES'),
  ('AG01', 'Prélèvement interdit sur ce compte', 'NOUVELLES_COORDONNEES'),
  ('RC01', 'BIC incorrect', 'NOUVELLES_COORDONNEES'),
  ('AG02', 'Code d’opération incorrect', 'CORRECTION_TECHNIQUE'),
  ('BE05', 'Identifiant créancier incorrect', 'CORRECTION_TECHNIQUE'),
  ('FF01', 'Format du fichier incorrect', 'CORRECTION_TECHNIQUE'),
  ('FF05', 'Type de prélèvement incorrect', 'CORRECTION_TECHNIQUE'),
  ('MD02', 'Données du mandat manquantes ou incorrectes', 'CORRECTION_TECHNIQUE'),
  ('CNOR', 'Banque du créancier non enregistrée', 'CORRECTION_TECHNIQUE'),
  ('DNOR', 'Banque du débiteur non enregistrée', 'CORRECTION_TECHNIQUE'),
  ('MD01', 'Absence de mandat', 'ARRET'),
  ('MD06', 'Opération contestée par le débiteur', 'ARRET'),
  ('MD07', 'Débiteur décédé', 'ARRET'),
  ('MS02', 'Refus du débiteur', 'ARRET'),
  ('SL01', 'Service particulier du débiteur', 'ARRET')
) AS motif ("code", "libelle", "classe");

INSERT INTO "referentiel"."modes_paiement" ("id", "libelle")
SELECT "code", "libelle" FROM (VALUES
  ('PRELEVEMENT_SEPA', 'Prélèvement SEPA'),
  ('VIREMENT', 'Virement'),
  ('CARTE', 'Carte bancaire'),
  ('CHEQUE', 'Chèque'),
  ('ESPECES', 'Espèces')
) AS mode ("code", "libelle");
