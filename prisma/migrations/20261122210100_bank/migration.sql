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

-- CreateIndex
CREATE UNIQUE INDEX "bank_files_nom_fichier_key" ON "payments"."bank_files"("nom_fichier");

-- CreateIndex
CREATE INDEX "bank_files_date_collecte_id_idx" ON "payments"."bank_files"("date_collecte", "id");

-- CreateIndex
CREATE INDEX "presentations_file_id_idx" ON "payments"."presentations"("file_id");

-- CreateIndex
CREATE INDEX "presentations_mandat_id_idx" ON "payments"."presentations"("mandat_id");

-- CreateIndex
CREATE UNIQUE INDEX "presentations_payment_id_tentative_key" ON "payments"."presentations"("payment_id", "tentative");

-- CreateIndex
CREATE UNIQUE INDEX "bank_reports_sha256_key" ON "payments"."bank_reports"("sha256");


