-- AlterTable
ALTER TABLE "retry"."attempts" ADD COLUMN     "demandee" BOOLEAN NOT NULL DEFAULT false;

-- Those that people have moved already, as the audit log has it: "tentative 1: … -> 2026-03-09T09:00:00.000Z"
UPDATE "retry"."attempts" a
SET "demandee" = true
FROM "retry"."audit_logs" l
WHERE l."schedule_id" = a."schedule_id"
  AND a."statut" = 'PREVUE'
  AND l."action" IN ('REPLAN', 'RUN_NOW')
  AND l."detail" LIKE 'tentative ' || a."numero" || ': % -> '
    || to_char(a."date_prevue" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
