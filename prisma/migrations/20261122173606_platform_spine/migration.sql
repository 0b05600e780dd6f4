-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "activites";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "clients";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "dashboard";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "email";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "events";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "notifications";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "relance";

-- CreateTable
CREATE TABLE "activites"."taches" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "assigne_a" TEXT NOT NULL,
    "titre" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "echeance" TIMESTAMPTZ(3),
    "statut" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "taches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "activites"."activites" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "utilisateur_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "resume" TEXT NOT NULL,
    "date_activite" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "activites_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clients"."clients" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "prenom" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "telephone" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "gestionnaire_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "clients_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clients"."adresses" (
    "id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "ligne1" TEXT NOT NULL,
    "ligne2" TEXT NOT NULL,
    "code_postal" TEXT NOT NULL,
    "ville" TEXT NOT NULL,
    "pays" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "adresses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dashboard"."nouveaux_clients" (
    "organisation_id" TEXT NOT NULL,
    "jour" DATE NOT NULL,
    "nombre" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "nouveaux_clients_pkey" PRIMARY KEY ("organisation_id","jour")
);

-- CreateTable
CREATE TABLE "email"."emails" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "destinataire" TEXT NOT NULL,
    "sujet" TEXT NOT NULL,
    "modele" TEXT NOT NULL,
    "html" TEXT NOT NULL,
    "texte" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "erreur" TEXT NOT NULL DEFAULT '',
    "tentatives" INTEGER NOT NULL DEFAULT 0,
    "essai_at" TIMESTAMPTZ(3),
    "envoye_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "emails_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events"."outbox" (
    "event_id" UUID NOT NULL,
    "event_type" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(3),
    "retry_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "events"."processed_events" (
    "event_id" UUID NOT NULL,
    "handler" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "result_id" TEXT,
    "processed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "processed_events_pkey" PRIMARY KEY ("event_id","handler")
);

-- CreateTable
CREATE TABLE "events"."dead_letters" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "stream_sequence" BIGINT NOT NULL,
    "streamed_at" TIMESTAMPTZ(3) NOT NULL,
    "payload" BYTEA NOT NULL,
    "headers" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "redriven_at" TIMESTAMPTZ(3),

    CONSTRAINT "dead_letters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events"."idempotency_keys" (
    "caller" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request" BYTEA NOT NULL,
    "response" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("caller","method","key")
);

-- CreateTable
CREATE TABLE "notifications"."notifications" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "utilisateur_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "titre" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "lue_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relance"."suivis" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "statut" TEXT NOT NULL,
    "date_prevue" TIMESTAMPTZ(3) NOT NULL,
    "date_rappel" TIMESTAMPTZ(3) NOT NULL,
    "tache_id" TEXT NOT NULL DEFAULT '',
    "motif" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suivis_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "relance"."regles_suivi" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "delai" TEXT NOT NULL,
    "delai_rappel" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "regles_suivi_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "taches_organisation_id_id_idx" ON "activites"."taches"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "taches_client_id_id_idx" ON "activites"."taches"("client_id", "id");

-- CreateIndex
CREATE INDEX "activites_organisation_id_id_idx" ON "activites"."activites"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "activites_client_id_id_idx" ON "activites"."activites"("client_id", "id");

-- CreateIndex
CREATE INDEX "clients_organisation_id_id_idx" ON "clients"."clients"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "adresses_client_id_id_idx" ON "clients"."adresses"("client_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "emails_message_id_key" ON "email"."emails"("message_id");

-- CreateIndex
CREATE INDEX "emails_organisation_id_id_idx" ON "email"."emails"("organisation_id", "id");

-- CreateIndex
CREATE INDEX "emails_client_id_id_idx" ON "email"."emails"("client_id", "id");

-- CreateIndex
CREATE INDEX "emails_statut_id_idx" ON "email"."emails"("statut", "id");

-- CreateIndex
CREATE INDEX "outbox_unpublished" ON "events"."outbox"("created_at") WHERE (published_at IS NULL);

-- CreateIndex
CREATE INDEX "processed_events_processed_at_idx" ON "events"."processed_events"("processed_at");

-- CreateIndex
CREATE INDEX "dead_letters_created_at_idx" ON "events"."dead_letters"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "dead_letters_subject_stream_sequence_streamed_at_key" ON "events"."dead_letters"("subject", "stream_sequence", "streamed_at");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "events"."idempotency_keys"("created_at");

-- CreateIndex
CREATE INDEX "notifications_utilisateur_id_id_idx" ON "notifications"."notifications"("utilisateur_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "suivis_client_id_key" ON "relance"."suivis"("client_id");

-- CreateIndex
CREATE INDEX "suivis_organisation_id_id_idx" ON "relance"."suivis"("organisation_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "regles_suivi_organisation_id_key" ON "relance"."regles_suivi"("organisation_id");

-- AddForeignKey
ALTER TABLE "clients"."adresses" ADD CONSTRAINT "adresses_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "clients"."clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Wakes the relay: a hint, the relay polls as well.
CREATE FUNCTION "events"."outbox_notify"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "outbox_notify" AFTER INSERT ON "events"."outbox"
  FOR EACH STATEMENT EXECUTE FUNCTION "events"."outbox_notify"();

-- Wakes the streams of NotificationService/Subscribe; the payload is the user's id.
CREATE FUNCTION "notifications"."notification_notify"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('notifications', NEW."utilisateur_id");
  RETURN NULL;
END $$;
CREATE TRIGGER "notification_notify" AFTER INSERT ON "notifications"."notifications"
  FOR EACH ROW EXECUTE FUNCTION "notifications"."notification_notify"();
