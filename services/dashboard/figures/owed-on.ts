import { sql } from '@crm/db';

/**
 * What was owed of each invoice at the end of a day: its amount without what was paid and credited by then. Value dates
 * count, whenever they were recorded; the due date is today's. What was paid before an import counts from the invoice's
 * date on. Like factures, no invoice owes less than nothing: what is paid too much of one does not settle another.
 * Columns: those of dashboard.creances, and `reste` in cents (> 0).
 * @param au the day, an expression of type date
 */
export const owedOn = (au: ReturnType<typeof sql>) => sql`(
  SELECT * FROM (
    SELECT c.*, c.montant - c.regle_avant - coalesce((
      SELECT sum(m.montant) FROM dashboard.mouvements m WHERE m.invoice_id = c.invoice_id AND m.jour <= ${au}), 0) AS reste
    FROM dashboard.creances c
    WHERE c.date_facture <= ${au} AND (c.soldee_le IS NULL OR c.soldee_le > ${au})
      AND (c.payee_le IS NULL OR c.payee_le > ${au})
    -- keeps the planner from computing the sum twice
    OFFSET 0
  ) toutes WHERE reste > 0)`;
