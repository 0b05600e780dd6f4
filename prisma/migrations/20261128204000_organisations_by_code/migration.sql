-- The rows of an organisation are under its code; until now also under its id, if a caller named it so (ADR 0047).
-- A row that exists under both names (two invoices with the same number) stays where it is, and a warning counts it.

-- an archived file stays as it is, but for what its organisation is called
ALTER TABLE documents.pieces_jointes DISABLE TRIGGER pieces_jointes_archivees;

DO $$
DECLARE
  organisation record;
  place record;
  one record;
  left_behind int;
BEGIN
  FOR organisation IN
    SELECT id, code FROM organisations.organisations o
    WHERE code <> id AND NOT EXISTS (SELECT 1 FROM organisations.organisations other WHERE other.id = o.code)
  LOOP
    -- counters that exist under both names become one
    INSERT INTO factures.numeros (organisation_id, genre, annee, dernier)
      SELECT organisation.code, genre, annee, dernier FROM factures.numeros WHERE organisation_id = organisation.id
      ON CONFLICT (organisation_id, genre, annee) DO UPDATE SET dernier = GREATEST(numeros.dernier, excluded.dernier);
    DELETE FROM factures.numeros WHERE organisation_id = organisation.id;
    INSERT INTO contrats.numeros (organisation_id, annee, dernier)
      SELECT organisation.code, annee, dernier FROM contrats.numeros WHERE organisation_id = organisation.id
      ON CONFLICT (organisation_id, annee) DO UPDATE SET dernier = GREATEST(numeros.dernier, excluded.dernier);
    DELETE FROM contrats.numeros WHERE organisation_id = organisation.id;
    INSERT INTO dashboard.nouveaux_clients (organisation_id, jour, nombre)
      SELECT organisation.code, jour, nombre FROM dashboard.nouveaux_clients WHERE organisation_id = organisation.id
      ON CONFLICT (organisation_id, jour) DO UPDATE SET nombre = nouveaux_clients.nombre + excluded.nombre;
    DELETE FROM dashboard.nouveaux_clients WHERE organisation_id = organisation.id;

    FOR place IN
      SELECT table_schema, table_name FROM information_schema.columns
      JOIN information_schema.tables USING (table_schema, table_name)
      WHERE column_name = 'organisation_id' AND table_type = 'BASE TABLE'
        AND table_schema IN ('activites', 'calendar', 'clients', 'commerciaux', 'commission', 'contrats', 'dashboard',
          'documents', 'email', 'factures', 'logistics', 'notifications', 'organisations', 'payments', 'products',
          'relance', 'retry', 'users')
    LOOP
      BEGIN
        EXECUTE format('UPDATE %I.%I SET organisation_id = $1 WHERE organisation_id = $2', place.table_schema, place.table_name)
          USING organisation.code, organisation.id;
      EXCEPTION WHEN unique_violation THEN
        left_behind := 0;
        FOR one IN EXECUTE format('SELECT ctid FROM %I.%I WHERE organisation_id = $1', place.table_schema, place.table_name)
          USING organisation.id
        LOOP
          BEGIN
            EXECUTE format('UPDATE %I.%I SET organisation_id = $1 WHERE ctid = $2', place.table_schema, place.table_name)
              USING organisation.code, one.ctid;
          EXCEPTION WHEN unique_violation THEN
            left_behind := left_behind + 1;
          END;
        END LOOP;
        RAISE WARNING '%.%: % rows of organisation % (%) also exist under its code and stay under its id',
          place.table_schema, place.table_name, left_behind, organisation.code, organisation.id;
      END;
    END LOOP;
  END LOOP;
END $$;

ALTER TABLE documents.pieces_jointes ENABLE TRIGGER pieces_jointes_archivees;
