-- AlterTable
ALTER TABLE "factures"."factures" ADD COLUMN "tva" JSONB NOT NULL;

-- An archived file's row is never changed and never deleted, whoever asks. Prisma knows nothing of it: it is kept by hand.
CREATE FUNCTION "documents"."refuse_change_of_archived"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'pieces_jointes %: archived, neither changed nor deleted', OLD.id USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER "pieces_jointes_archivees" BEFORE UPDATE OR DELETE ON "documents"."pieces_jointes"
  FOR EACH ROW WHEN (OLD.archivee_at IS NOT NULL) EXECUTE FUNCTION "documents"."refuse_change_of_archived"();
