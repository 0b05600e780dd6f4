-- AlterTable
ALTER TABLE "email"."emails" ADD COLUMN     "envoi" TEXT NOT NULL DEFAULT '';

-- CreateIndex
CREATE INDEX "emails_envoi_idx" ON "email"."emails"("envoi");
