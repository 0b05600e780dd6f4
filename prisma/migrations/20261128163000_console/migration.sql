-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "console";

-- CreateTable
CREATE TABLE "console"."sessions" (
    "id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "sid" TEXT NOT NULL,
    "nom" TEXT NOT NULL,
    "tokens" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sessions_sid_idx" ON "console"."sessions"("sid");

-- CreateIndex
CREATE INDEX "sessions_sub_idx" ON "console"."sessions"("sub");
