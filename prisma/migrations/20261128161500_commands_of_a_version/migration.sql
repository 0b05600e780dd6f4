-- AlterTable
ALTER TABLE "relance"."historique" ADD COLUMN     "commande_id" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "retry"."audit_logs" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 0;
