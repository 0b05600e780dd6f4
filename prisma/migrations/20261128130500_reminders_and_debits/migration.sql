-- AlterTable
ALTER TABLE "relance"."regles" ADD COLUMN     "malgre_prelevement" BOOLEAN NOT NULL DEFAULT false;

-- Levels that people have asked for and that are not sent yet, as the history has it
UPDATE "relance"."relances" r
SET "niveaux" = (
  SELECT jsonb_agg(
    CASE WHEN (level->>'niveau')::int = r."prochain_niveau" THEN level || '{"demandee": true}' ELSE level END
    ORDER BY rank)
  FROM jsonb_array_elements(r."niveaux") WITH ORDINALITY AS levels(level, rank))
WHERE r."statut" IN ('EN_ATTENTE', 'EN_PAUSE')
  AND r."prochain_niveau" > 0
  AND EXISTS (
    SELECT 1 FROM "relance"."historique" h
    WHERE h."relance_id" = r."id" AND h."action" = 'ENVOI_DEMANDE' AND h."niveau" = r."prochain_niveau");
