-- What people search by, stored beside the row: each text without accents, case, spaces and signs, between spaces.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The ranges are written out, and nothing here depends on the locale of the server: signs of ASCII, of Latin-1 and of
-- punctuation, and the marks that NFKD puts behind letters.
CREATE FUNCTION "events"."searchable"(VARIADIC texts TEXT[]) RETURNS TEXT
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(' ' || word, '' ORDER BY place) || ' ', '')
  FROM (
    SELECT place, regexp_replace(
      lower(normalize(
        replace(replace(replace(replace(replace(text, 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'), 'ß', 'ss'),
        NFKD)),
      '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u0300-\u036f\u2000-\u206f\u20a0-\u20cf]', '', 'g') AS word
    FROM unnest(texts) WITH ORDINALITY AS given(text, place)
  ) AS words
  WHERE word <> ''
$$;

-- AlterTable
ALTER TABLE "clients"."clients" ADD COLUMN     "recherche" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "contrats"."contrats" ADD COLUMN     "recherche" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "factures"."avoirs" ADD COLUMN     "recherche" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "factures"."factures" ADD COLUMN     "recherche" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "payments"."mandates" ADD COLUMN     "recherche" TEXT NOT NULL DEFAULT '';

CREATE FUNCTION "clients"."client_searchable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- a VAT number without its country: else "fr" would find every French company
  NEW.recherche := "events"."searchable"(NEW.raison_sociale, NEW.prenom || NEW.nom, NEW.nom || NEW.prenom,
    NEW.reference_client, NEW.email, NEW.siren, substr(NEW.numero_tva, 3), NEW.telephone);
  RETURN NEW;
END $$;
CREATE TRIGGER "clients_searchable" BEFORE INSERT OR UPDATE ON "clients"."clients"
  FOR EACH ROW EXECUTE FUNCTION "clients"."client_searchable"();

CREATE FUNCTION "contrats"."contrat_searchable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.recherche := "events"."searchable"(NEW.reference);
  RETURN NEW;
END $$;
CREATE TRIGGER "contrats_searchable" BEFORE INSERT OR UPDATE ON "contrats"."contrats"
  FOR EACH ROW EXECUTE FUNCTION "contrats"."contrat_searchable"();

CREATE FUNCTION "factures"."facture_searchable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.recherche := "events"."searchable"(NEW.numero, NEW.numero_commande);
  RETURN NEW;
END $$;
CREATE TRIGGER "factures_searchable" BEFORE INSERT OR UPDATE ON "factures"."factures"
  FOR EACH ROW EXECUTE FUNCTION "factures"."facture_searchable"();

CREATE FUNCTION "factures"."avoir_searchable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.recherche := "events"."searchable"(NEW.numero);
  RETURN NEW;
END $$;
CREATE TRIGGER "avoirs_searchable" BEFORE INSERT OR UPDATE ON "factures"."avoirs"
  FOR EACH ROW EXECUTE FUNCTION "factures"."avoir_searchable"();

CREATE FUNCTION "payments"."mandate_searchable"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- nothing of the account
  NEW.recherche := "events"."searchable"(NEW.rum, NEW.titulaire);
  RETURN NEW;
END $$;
CREATE TRIGGER "mandates_searchable" BEFORE INSERT OR UPDATE ON "payments"."mandates"
  FOR EACH ROW EXECUTE FUNCTION "payments"."mandate_searchable"();

-- the triggers write it
UPDATE "clients"."clients" SET "recherche" = '';
UPDATE "contrats"."contrats" SET "recherche" = '';
UPDATE "factures"."factures" SET "recherche" = '';
UPDATE "factures"."avoirs" SET "recherche" = '';
UPDATE "payments"."mandates" SET "recherche" = '';

-- CreateIndex
CREATE INDEX "clients_recherche_idx" ON "clients"."clients" USING GIN ("recherche" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "contrats_recherche_idx" ON "contrats"."contrats" USING GIN ("recherche" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "contrats_montant_total_id_idx" ON "contrats"."contrats"("montant_total", "id");

-- CreateIndex
CREATE INDEX "factures_recherche_idx" ON "factures"."factures" USING GIN ("recherche" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "factures_montant_id_idx" ON "factures"."factures"("montant", "id");

-- CreateIndex
CREATE INDEX "avoirs_recherche_idx" ON "factures"."avoirs" USING GIN ("recherche" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "avoirs_montant_id_idx" ON "factures"."avoirs"("montant", "id");

-- CreateIndex
CREATE INDEX "payments_montant_id_idx" ON "payments"."payments"("montant", "id");

-- CreateIndex
CREATE INDEX "mandates_recherche_idx" ON "payments"."mandates" USING GIN ("recherche" gin_trgm_ops);
