-- CreateTable
CREATE TABLE "relance"."previsions" (
    "relance_id" TEXT NOT NULL,
    "niveau" INTEGER NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "ordre" TEXT COLLATE "C" NOT NULL,
    "at" TIMESTAMPTZ(3),
    "genre" TEXT NOT NULL,
    "montant" BIGINT NOT NULL,
    "retenue" BOOLEAN NOT NULL,
    "contenu" JSONB NOT NULL,

    CONSTRAINT "previsions_pkey" PRIMARY KEY ("relance_id", "niveau")
);

-- CreateIndex
CREATE INDEX "previsions_organisation_id_ordre_idx" ON "relance"."previsions"("organisation_id", "ordre");

-- CreateIndex
CREATE INDEX "previsions_client_id_ordre_idx" ON "relance"."previsions"("client_id", "ordre");

-- CreateTable
CREATE TABLE "relance"."clients_prevus" (
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "prevu_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "clients_prevus_pkey" PRIMARY KEY ("organisation_id", "client_id")
);

-- CreateIndex
CREATE INDEX "clients_prevus_prevu_at_idx" ON "relance"."clients_prevus"("prevu_at");

-- CreateTable
CREATE TABLE "relance"."a_prevoir" (
    "id" BIGSERIAL NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,

    CONSTRAINT "a_prevoir_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "a_prevoir_organisation_id_client_id_idx" ON "relance"."a_prevoir"("organisation_id", "client_id");

-- CreateIndex
CREATE INDEX "a_prevoir_client_id_idx" ON "relance"."a_prevoir"("client_id");

-- CreateIndex
CREATE INDEX "attentes_organisation_id_levee_at_idx" ON "relance"."attentes"("organisation_id", "levee_at");

-- What reminders come depends on these tables. Whatever writes them, it is foreseen again. Rows are only added, so
-- that two transactions about the same clients never wait for each other.
CREATE FUNCTION "relance"."note_a_prevoir"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "relance"."a_prevoir" ("organisation_id", "client_id")
    SELECT DISTINCT "organisation_id", "client_id" FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER "relances_added" AFTER INSERT ON "relance"."relances"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "relance"."note_a_prevoir"();
CREATE TRIGGER "relances_changed" AFTER UPDATE ON "relance"."relances"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "relance"."note_a_prevoir"();
CREATE TRIGGER "attentes_added" AFTER INSERT ON "relance"."attentes"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "relance"."note_a_prevoir"();
CREATE TRIGGER "attentes_changed" AFTER UPDATE ON "relance"."attentes"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "relance"."note_a_prevoir"();
CREATE TRIGGER "derniers_envois_added" AFTER INSERT ON "relance"."derniers_envois"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "relance"."note_a_prevoir"();
CREATE TRIGGER "derniers_envois_changed" AFTER UPDATE ON "relance"."derniers_envois"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "relance"."note_a_prevoir"();

-- What runs already has not been foreseen yet.
INSERT INTO "relance"."a_prevoir" ("organisation_id", "client_id")
  SELECT DISTINCT "organisation_id", "client_id" FROM "relance"."relances" WHERE "statut" IN ('EN_ATTENTE', 'EN_PAUSE');

-- Wakes the open agendas (RelanceService/Watch): the payload is the organisation. Told by whoever changes what an agenda
-- shows, in its own schema; nobody reads another's.
CREATE FUNCTION "events"."agenda_notify"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('agenda', "organisation_id") FROM (SELECT DISTINCT "organisation_id" FROM changed) AS these;
  RETURN NULL;
END $$;
CREATE TRIGGER "a_prevoir_notify" AFTER INSERT ON "relance"."a_prevoir"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "events"."agenda_notify"();
CREATE TRIGGER "taches_added_notify" AFTER INSERT ON "activites"."taches"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "events"."agenda_notify"();
CREATE TRIGGER "taches_changed_notify" AFTER UPDATE ON "activites"."taches"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "events"."agenda_notify"();
CREATE TRIGGER "payments_added_notify" AFTER INSERT ON "payments"."payments"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "events"."agenda_notify"();
CREATE TRIGGER "payments_changed_notify" AFTER UPDATE ON "payments"."payments"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "events"."agenda_notify"();
CREATE TRIGGER "schedules_added_notify" AFTER INSERT ON "retry"."schedules"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "events"."agenda_notify"();
CREATE TRIGGER "schedules_changed_notify" AFTER UPDATE ON "retry"."schedules"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "events"."agenda_notify"();
