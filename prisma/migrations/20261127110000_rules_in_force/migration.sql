-- A level can be switched off, or be overruled by another row of the same number with a higher priority. The release
-- before goes on as it did for as long as no level has a second row.
ALTER TABLE "relance"."regles"
    ADD COLUMN "priorite" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "actif" BOOLEAN NOT NULL DEFAULT true;

CREATE UNIQUE INDEX "regles_organisation_id_niveau_priorite_key" ON "relance"."regles"("organisation_id", "niveau", "priorite");
DROP INDEX "relance"."regles_organisation_id_niveau_key";

-- What a command has changed, in words.
ALTER TABLE "relance"."historique" ADD COLUMN "detail" TEXT NOT NULL DEFAULT '';
