-- AlterTable
ALTER TABLE "events"."dead_letters" ADD COLUMN     "discarded_at" TIMESTAMPTZ(3),
ADD COLUMN     "discarded_by" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "discard_reason" TEXT NOT NULL DEFAULT '';
